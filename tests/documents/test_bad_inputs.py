"""What cannot be read fails at once, with a reason that a person understands."""

from pathlib import Path

import pytest

from orchestrator import Fatal
from orchestrator.source import Source
from tests.documents.fakes import LOCKED_PDF, FakeContext
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
