"""What travels between `pages` and `ocr`; what is found in a document is in `orchestrator.findings`."""

from typing import Literal

import msgspec


class PageRef(msgspec.Struct, frozen=True):
    """One page of a source: a reference, rendered where it is used."""

    blob: str
    name: str
    index: int
    """From 0."""
    kind: Literal["pdf", "image"]
    digest: str = ""
    """Of the source."""

    @property
    def cache_identity(self) -> tuple[str, int, str] | None:
        """What decides what is read: which page of which bytes."""
        return (self.digest, self.index, self.kind) if self.digest else None
