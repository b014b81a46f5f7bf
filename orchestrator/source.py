"""A submitted file: copied to the blob store before it is submitted, so that a file changed later changes nothing."""

import codecs
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import IO, Any

import msgspec
import puremagic  # pyright: ignore[reportMissingTypeStubs]

from orchestrator.blobs import Blobs

FIRST_BYTES = 4096
"""As many as tell a file's type."""
PDF = "application/pdf"


PDF_HEADER, HEADER_WITHIN = b"%PDF-", 1024
"""What a PDF begins with, and the bytes within which: some scanners put their own before it."""


class Source(msgspec.Struct, frozen=True):
    """A submitted file, as whoever submits it describes it."""

    name: str
    """The file's own name, for people."""
    blob: str
    """Its path in the blob store: `<document id>/input/<name>`."""
    digest: str = ""
    """SHA-256, hex; empty where the submitter did not compute it, and then nothing is checked."""
    size: int = 0
    """Bytes."""
    media: str = ""
    """Media type by magic bytes; the steps look at the bytes themselves."""

    @property
    def cache_identity(self) -> str | None:
        """What decides what a step makes of it: its bytes, not its name nor its place."""
        return self.digest or None


def store_source(blobs: Blobs, document: str, name: str, content: IO[bytes]) -> Source:
    """Copy a file into the document's folder of the blob store.

    Args:
        name: as the submitter calls it; only its last part is used.
    """
    plain = PurePath(name.replace("\\", "/")).name or "file"
    plain = plain.encode("utf-8", "replace").decode()  # a name that is no UTF-8 could not be stored
    path = f"{document}/input/{plain}"
    media = media_type(content.read(FIRST_BYTES))
    content.seek(0)
    digest, size = blobs.put_file(path, content)
    return Source(plain, path, digest, size, media)


def media_type(first: bytes) -> str:
    """The media type that a file's first bytes tell; empty where they tell nothing."""
    try:
        best: Any = puremagic.magic_string(first)[0]  # pyright: ignore[reportUnknownMemberType]
    except (puremagic.PureError, ValueError):
        return "text/plain" if _is_text(first) else ""
    # A text that happens to contain another format's sign; a PDF begins with its own.
    return "text/plain" if _is_text(first) and not first.startswith(best.byte_match) else str(best.mime_type)


def is_taken(head: bytes, takes: Sequence[str]) -> bool:
    """Whether a file that begins so is of one of these media types, such as `application/pdf` or `image/*`.

    Args:
        head: its first `FIRST_BYTES`, or all. takes: empty is any.
    """
    media = PDF if is_pdf(head) else media_type(head)
    return not takes or any(fnmatchcase(media, one) for one in takes)


def is_pdf(head: bytes) -> bool:
    """Whether a file that begins so is a PDF.

    Args:
        head: its first `HEADER_WITHIN` bytes, or more.
    """
    return PDF_HEADER in head[:HEADER_WITHIN]


def _is_text(first: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(first)  # the last character may be cut
    except UnicodeDecodeError:
        return False
    return bool(text) and all(character.isprintable() or character.isspace() for character in text)
