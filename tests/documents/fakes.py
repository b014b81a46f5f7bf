"""A context without a worker around it, and small broken files."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from orchestrator.batches.outcomes import Outcome
from orchestrator.batches.views import EndedBatch
from orchestrator.blobs import Blobs
from orchestrator.models import loader_of
from orchestrator.settings import Settings
from orchestrator.source import Source

T = TypeVar("T")


@dataclass
class FakeContext:
    """What a step may ask."""

    settings: Settings
    id: str = "doc1"
    job: str = "doc1/step"
    attempt: int = 1
    fence: int = 7
    deadline: float | None = None
    uncached: bool = False
    models: dict[str, Any] = field(default_factory=dict[str, Any])
    flags: dict[str, str] = field(default_factory=dict[str, str])
    failed: dict[str, dict[int, str]] = field(default_factory=dict[str, dict[int, str]])
    """By step: why items of it failed."""
    reported: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    @property
    def blobs(self) -> Blobs:
        """A folder."""
        return Blobs(self.settings.blobs)

    def model(self, name: str) -> Any:
        """Those that the test put in, else the catalogue's, loaded once."""
        if name not in self.models:
            self.models[name] = loader_of(name)(self.settings)
        return self.models[name]

    def flag(self, name: str, why: str) -> None:
        """Remembered."""
        self.flags[name] = why

    def checkpoint(self, state: Any) -> None:
        """Nobody keeps it."""

    def last_checkpoint(self, of: type[T]) -> T | None:
        """There was none."""
        return None

    def outcomes(self, batch: EndedBatch) -> Iterator[Outcome]:
        """There is no batch."""
        return iter(())

    def failures(self, step: str) -> dict[int, str]:
        """Those that the test put in."""
        return self.failed.get(step, {})

    def leave_uncached(self) -> None:
        """Remembered."""
        self.uncached = True

    def progress(self, done: int, total: int) -> None:
        """Remembered."""
        self.reported.append((done, total))

    def submit(self, file: Path) -> Source:
        """Copy a file to the blob store, as the API does."""
        path = f"{self.id}/input/{file.name}"
        with file.open("rb") as content:
            digest, size = self.blobs.put_file(path, content)
        return Source(file.name, path, digest, size)


def free_port() -> int:
    """A TCP port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


LOCKED_PDF = b"""%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [] /Count 0 >>
endobj
3 0 obj
<< /Filter /Standard /V 1 /R 2 /P -4 /O <OOOO> /U <UUUU> >>
endobj
trailer << /Root 1 0 R /Encrypt 3 0 R /ID [<01> <01>] >>
%%EOF
""".replace(b"OOOO", b"11" * 32).replace(b"UUUU", b"22" * 32)
"""A PDF that wants a password which no one knows."""
