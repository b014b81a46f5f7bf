"""From a reference to a file on this machine, and what kind of file it is; faults are told in a person's words."""

from pathlib import Path
from typing import Literal

from orchestrator import Context, Fatal
from orchestrator.source import HEADER_WITHIN, is_pdf, media_type

READABLE = "docmill reads PDF, PNG, JPEG, TIFF, BMP, GIF and WebP"
IMAGE_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM", b"GIF8")


def local_file(ctx: Context, blob: str, name: str) -> Path:
    """The file behind a reference.

    Raises:
        Fatal: it is not in the blob store any more, or has no bytes.
    """
    try:
        path = ctx.blobs.local(blob, ctx.settings.data_dir / "cache")
        size = path.stat().st_size
    except FileNotFoundError:
        raise Fatal(f"{name}: the file is not in the blob store ({blob}): submit it again") from None
    if not size:
        raise Fatal(f"{name}: the file is empty (0 bytes)")
    return path


def kind_of(path: Path, name: str) -> Literal["pdf", "image"]:
    """The kind by magic bytes, whatever the file's name says.

    Raises:
        Fatal: a kind that docmill does not read.
    """
    with path.open("rb") as file:
        head = file.read(HEADER_WITHIN)
    if is_pdf(head):
        return "pdf"
    if head.startswith(IMAGE_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    raise Fatal(f"{name}: {_guess(head)} cannot be read: {READABLE}")


def _guess(head: bytes) -> str:
    media = media_type(head)
    return f"a file of type {media}" if media else "a file of an unknown type"
