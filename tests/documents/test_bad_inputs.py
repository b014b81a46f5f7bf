"""What cannot be read fails at once, with a reason that a person understands."""

import os
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from orchestrator import Fatal
from orchestrator.blobs import Blobs
from orchestrator.source import Source, store_source
from tests.documents.fakes import LOCKED_PDF, FakeContext
from worker.documents import letters
from worker.documents.text_layer import text_layer
from worker.steps.ocr import ocr
from worker.steps.pages import pages
from worker.steps.types import PageRef

BAD = {
    "empty.pdf": (b"", "the file is empty"),
    "locked.pdf": (LOCKED_PDF, "protected by a password: remove it and submit again"),
    "broken.pdf": (b"%PDF-1.4\nnothing more", "the PDF is broken"),
    "broken.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "the image is broken"),
    "letter.docx": (b"PK\x03\x04" + b"\0" * 60, "docmill reads PDF, PNG, JPEG, TIFF"),
    "notes.pdf": (b"plain words, whatever the name says", "docmill reads PDF, PNG, JPEG, TIFF"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_fatal_and_says_why(name: str, ctx: FakeContext, tmp_path: Path) -> None:
    """No retry can mend a file."""
    content, reason = BAD[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Fatal, match=reason) as raised:
        pages(ctx.submit(tmp_path / name), ctx=ctx)
    assert str(raised.value).startswith(f"{name}: ")


def test_a_name_that_is_no_utf8_can_be_stored(tmp_path: Path) -> None:
    """As an old share names its files; Python hands such bytes on as halves of characters, which no JSON takes."""
    source = store_source(
        Blobs(f"file://{tmp_path}/blobs"), "doc1", os.fsdecode(b"M\xfcller.pdf"), BytesIO(b"%PDF-1.4")
    )
    assert msgspec.json.decode(msgspec.json.encode(source), type=Source).name == "M?ller.pdf"


def test_a_file_that_is_gone_is_fatal(ctx: FakeContext) -> None:
    """Someone emptied the blob store."""
    with pytest.raises(Fatal, match="not in the blob store"):
        pages(Source("a.pdf", "doc1/input/a.pdf"), ctx=ctx)


def test_a_decompression_bomb_is_refused_before_it_is_read(ctx: FakeContext, tmp_path: Path) -> None:
    """A few kilobytes that would unpack to hundreds of megabytes."""
    from PIL import Image

    Image.new("1", (40_000, 40_000)).save(tmp_path / "bomb.png")
    with pytest.raises(Fatal, match="pixels"):
        pages(ctx.submit(tmp_path / "bomb.png"), ctx=ctx)


def test_an_animation_is_refused_before_its_frames_are_made(ctx: FakeContext, tmp_path: Path) -> None:
    """Each of its frames takes as long as all those before it."""
    from PIL import Image

    frames = [Image.new("L", (1500, 1500), 255 * (number % 2)) for number in range(60)]
    frames[0].save(tmp_path / "film.gif", save_all=True, append_images=frames[1:])
    with pytest.raises(Fatal, match=r"film.gif: an animation of 60 frames with 1500 x 1500 pixels"):
        pages(ctx.submit(tmp_path / "film.gif"), ctx=ctx)


@pytest.mark.parametrize("name", ["sizeless.tif", "cut.gif"])
def test_a_broken_image_is_told_in_words(name: str, ctx: FakeContext, tmp_path: Path) -> None:
    """Pillow raises a TypeError or an IndexError of some; its text names no folder of the machine."""
    import struct

    sizeless = b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 258, 3, 1, 8) + bytes(4)
    cut = b"GIF89a\x04\0\x04\0\0\0\0,\0\0"
    (tmp_path / name).write_bytes(sizeless if name.endswith("tif") else cut)
    with pytest.raises(Fatal, match=f"{name}: the image is broken") as raised:
        pages(ctx.submit(tmp_path / name), ctx=ctx)
    assert "/" not in str(raised.value)


def test_a_page_of_endless_letters_is_refused(ctx: FakeContext, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file can hold millions; each costs time."""
    monkeypatch.setattr(letters, "MOST_LETTERS", 10)
    with pytest.raises(Fatal, match=r"invoice.pdf: page 1 has [\d,]+ characters; at most 10 are read"):
        text_layer(samples / "invoice.pdf", "invoice.pdf", 0)


def test_a_page_that_the_file_does_not_have_is_fatal(ctx: FakeContext, samples: Path) -> None:
    """As when the blob was replaced behind our back."""
    source = ctx.submit(samples / "invoice.pdf")
    with pytest.raises(Fatal, match="page 10 of the PDF is broken"):
        ocr(PageRef(source.blob, source.name, 9, "pdf"), lang="auto", ctx=ctx)


@pytest.mark.parametrize(
    ("name", "reason"), [("edge-password.pdf", "protected by a password"), ("edge-invalid.pdf", "the PDF is broken")]
)
def test_bad_files_of_the_corpus(name: str, reason: str, ctx: FakeContext, corpus: Path) -> None:
    """Found in the wild."""
    with pytest.raises(Fatal, match=reason):
        pages(ctx.submit(corpus / name), ctx=ctx)
