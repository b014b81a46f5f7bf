"""`join`: the pages' texts become the document's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil

from orchestrator import Context, Fatal, step
from orchestrator.findings import FailedPage, PageText, Text

PAGE_BREAK = "\f"
NAMED = 10
"""Failed pages that an error names."""


@step(lane="cpu")
def join(pages: list[PageText | None], max_failed: float, ctx: Context) -> Text:
    """The whole text, pages in order, a form feed between them: page n is `text.split("\\f")[n - 1]`.

    Args:
        pages: in order; None is a page that could not be read.
        max_failed: the share of them, 0 to 1, that may have failed; rounded up, but never all.

    Raises:
        Fatal: more failed, or `max_failed` is no share.
    """
    if not 0 <= max_failed <= 1:
        raise Fatal(f"max_failed_pages={max_failed} is no share of the pages: give a number from 0 to 1")
    failed = [FailedPage(number, why) for number, why in _failures(pages, ctx.failures("ocr")).items()]
    _check(failed, len(pages), max_failed)
    text = PAGE_BREAK.join("" if page is None else page.text.replace(PAGE_BREAK, " ") for page in pages)
    read = [page for page in pages if page is not None]
    by_ocr = sum(page.how == "ocr" for page in read)
    return Text(text, len(pages), by_ocr, len(text.split()), failed, _language(read))


def _failures(pages: Sequence[PageText | None], reasons: Mapping[int, str]) -> dict[int, str]:
    """Number of each failed page, from 1, to why it failed; empty where nobody knows."""
    return {index + 1: reasons.get(index, "") for index, page in enumerate(pages) if page is None}


def _check(failed: list[FailedPage], pages: int, max_failed: float) -> None:
    most = min(ceil(round(max_failed * pages, 6)), pages - 1)
    if len(failed) > max(0, most):
        named = "; ".join(f"page {one.page}: {one.error or 'no reason is known'}" for one in failed[:NAMED])
        more = f"; and {len(failed) - NAMED} more" if len(failed) > NAMED else ""
        raise Fatal(
            f"{len(failed)} of {pages} pages could not be read, at most {max(0, most)} may fail "
            f"(max_failed_pages={max_failed}). {named}{more}"
        )


def _language(pages: Sequence[PageText]) -> str:
    """The language of most words."""
    words: Counter[str] = Counter()
    for page in pages:
        if page.lang:
            words[page.lang] += len(page.text)
    return words.most_common(1)[0][0] if words else ""
