"""A PDF that unpacks to more than a memory holds is refused, and no slot has unpacked it."""

import resource
from pathlib import Path

import pytest

from orchestrator import Fatal
from tests.documents.fakes import FakeContext
from tests.support.bombs import packed, pdf
from worker.documents.probing import refuse_bomb
from worker.steps.pages import pages

MOST = 8
"""Mebibytes that a stream may unpack to here."""


def judge(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    refuse_bomb(tmp_path / "a.pdf", "a.pdf", MOST * 2**20)


@pytest.mark.parametrize(
    "bomb",
    [
        pdf(packed(2 * MOST)),
        pdf(packed(20 * MOST, times=2), times=2),
        pdf(image=packed(20 * MOST, times=2), times=2),
        pdf(packed(2 * MOST)).replace(b"/FlateDecode", b"/Fl#61teDecode"),
    ],
    ids=["of a page", "packed twice", "of a picture, packed twice", "by another name"],
)
def test_whatever_its_stream_is_for_and_however_often_it_is_packed(tmp_path: Path, bomb: bytes) -> None:
    assert len(bomb) < 2**16
    with pytest.raises(Fatal, match=r"a.pdf: the PDF unpacks to more than 8 MiB in one piece.*DOCMILL_MAX_UNPACKED"):
        judge(tmp_path, bomb)


def test_what_fits_is_let_through(tmp_path: Path) -> None:
    """An image may have more: its pixels are counted where it is drawn."""
    judge(tmp_path, pdf(packed(MOST - 1), image=packed(2 * MOST)))
    judge(tmp_path, b"%PDF-1.4\nnothing more")  # whoever opens it next says that it is broken


def test_the_slot_itself_has_unpacked_nothing(ctx: FakeContext, tmp_path: Path) -> None:
    """With what is usual: PDFium would take nine times as much."""
    (tmp_path / "bomb.pdf").write_bytes(pdf(packed(512, times=2), times=2))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Fatal, match="made to fill the memory"):
        pages(ctx.submit(tmp_path / "bomb.pdf"), ctx=ctx)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024, "KiB"
