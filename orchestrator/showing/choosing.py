"""Which pages of a document are shown."""

import re

from orchestrator.errors import UsageError


def chosen_pages(text: str, count: int) -> list[int]:
    """The pages that a person named, in order, from 1; all of them where nothing was named.

    Args:
        text: such as `1-5,9` or `12-`.
        count: how many the document has.

    Raises:
        UsageError: it names no pages, or none that the document has.
    """
    if not text.strip():
        return list(range(1, count + 1))
    named = {page for part in text.split(",") for page in _range(part.strip(), count)}
    found = sorted(page for page in named if 1 <= page <= count)
    if not found:
        raise UsageError(f"--pages {text}: the document has the pages 1 to {count}")
    return found


def _range(part: str, count: int) -> range:
    matched = re.fullmatch(r"(\d{1,6})(?:(-)(\d{1,6})?)?", part)
    if matched is None:
        raise UsageError(f"--pages {part!r}: write pages as 1-5,9 or 12-")
    first = int(matched[1])
    last = first if not matched[2] else int(matched[3]) if matched[3] else count
    return range(first, min(last, count) + 1)
