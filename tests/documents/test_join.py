"""Pages put together: page n stays page n, and a page that fails does not lose the document, within the bound."""

import pytest

from orchestrator import Fatal
from orchestrator.findings import FailedPage, PageText
from tests.documents.fakes import FakeContext
from worker.steps.join import join


def _pages(*texts: str | None) -> list[PageText | None]:
    return [None if text is None else PageText(index, text, "ocr", lang="en") for index, text in enumerate(texts)]


def test_pages_are_parted_by_form_feeds(ctx: FakeContext) -> None:
    """And counted."""
    text = join([PageText(0, "first", "text-layer"), PageText(1, "second page", "ocr")], max_failed=0.0, ctx=ctx)
    assert text.text == "first\fsecond page"
    assert (text.pages, text.ocr_pages, text.words) == (2, 1, 3)


def test_a_failed_page_is_named_and_the_others_keep_their_numbers(ctx: FakeContext) -> None:
    """With why it failed, where the engine knows."""
    ctx.failed["ocr"] = {1: "Fatal: page 2 of the PDF is broken"}
    text = join(_pages("one", None, "", "four"), max_failed=0.25, ctx=ctx)
    assert text.text.split("\f") == ["one", "", "", "four"]
    assert text.failed_pages == [FailedPage(2, "Fatal: page 2 of the PDF is broken")]
    assert text.pages == 4


@pytest.mark.parametrize(
    ("pages", "failed", "share", "passes"),
    [(10, 1, 0.1, True), (10, 2, 0.1, False), (3, 1, 0.1, True), (1, 1, 0.1, False), (2, 2, 1.0, False),
     (2, 1, 1.0, True), (5, 1, 0.0, False), (30, 3, 0.1, True)],
)  # fmt: skip
def test_the_bound_is_rounded_up_but_never_all(
    pages: int, failed: int, share: float, passes: bool, ctx: FakeContext
) -> None:
    """One bad page of three must not lose the other two; a document of which nothing was read is none."""
    given = _pages(*[None] * failed, *["text"] * (pages - failed))
    if passes:
        assert len(join(given, max_failed=share, ctx=ctx).failed_pages) == failed
        return
    with pytest.raises(Fatal, match=f"{failed} of {pages} pages could not be read"):
        join(given, max_failed=share, ctx=ctx)


def test_the_error_names_the_pages(ctx: FakeContext) -> None:
    """So that somebody can scan them again."""
    ctx.failed["ocr"] = {0: "Fatal: too dark"}
    with pytest.raises(Fatal, match="page 1: Fatal: too dark; page 3: no reason is known"):
        join(_pages(None, "text", None), max_failed=0.0, ctx=ctx)


def test_a_share_is_between_0_and_1(ctx: FakeContext) -> None:
    """10 is no share."""
    with pytest.raises(Fatal, match="max_failed_pages=10"):
        join(_pages("text"), max_failed=10, ctx=ctx)


def test_the_language_is_that_of_most_of_the_text(ctx: FakeContext) -> None:
    """A French cover letter does not make a contract French."""
    pages = [
        PageText(0, "court", "ocr", lang="fr"),
        PageText(1, "a long contract", "ocr", lang="en"),
        PageText(2, "", "blank"),
    ]
    assert join(list(pages), max_failed=0.0, ctx=ctx).lang == "en"
    assert join(_pages(""), max_failed=0.0, ctx=ctx).lang == "en"
