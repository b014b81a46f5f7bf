"""Amounts and numbers: every figure that could be one, with the ways in which its print can be read."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from worker.extraction.candidates import Candidate
from worker.extraction.currencies import beside_figure

_GAP = "[ \u00a0\u202f]"
_QUOTE = "['`\u2019]"
_FIGURE = re.compile(
    rf"""(?P<figure>
      \d{{1,3}}(?:[.,]\d{{2,3}})*[.,]\d{{3}}(?:[.,]\d{{1,2}})?(?!\d)
      |\d{{1,3}}(?:{_QUOTE}\d{{3}})+(?:[.,]\d{{1,2}})?(?!\d)
      |\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d{{1,2}})?(?!\d)
      |\d+{_GAP}?[.,]{_GAP}?\d{{2}}(?!\d)
      |\d+[.,]\d{{1,4}}(?!\d)
      |\d+)""",
    re.VERBOSE,
)
_SIGN = re.compile(r"(?:^|(?<=[\s(:€$£]))[-\u2212]$")
_SIGN_BEHIND = re.compile(r"[-\u2212](?![\w.,-]|\s*\d)")
_ARABIC = str.maketrans("\u066c\u066b", ",.")
_TORN = re.compile(rf"\d{_GAP}?[.,]{_GAP}\d|\d{_GAP}[.,]|\d{_GAP}\d")
TORN_DOUBT, TWO_WAYS_DOUBT, BARE_DOUBT = 0.2, 0.3, 0.1
LONGEST_BARE = 7
"""Digits: a longer figure without a mark or a currency is a number of something."""


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<![^\W\d_]))(?:{beside_figure()}){_GAP}?$")


@cache
def _currency() -> re.Pattern[str]:
    return re.compile(rf"^(?:{beside_figure()})")


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf"{_GAP}?(?:{beside_figure()})(?![^\W\d_])")


def readings(text: str) -> tuple[Decimal, ...]:
    """What the print of a figure may mean, the usual first: 1.400 is 1400, or 1.4; none where it is no figure."""
    text = text.strip().translate(_ARABIC)
    minus = text[:1] in "-\u2212" or text[-1:] in "-\u2212"
    digits = re.sub(r"[\s'`\u2019]", "", text).strip("-\u2212")
    digits = _currency().sub("", digits) if minus else digits  # -$12.50
    if not re.fullmatch(r"\d+(?:[.,]\d+)*", digits):
        return ()
    values = dict.fromkeys(Decimal(one) for one in _plain(digits))
    return tuple(value.copy_negate() if minus else value for value in values)  # exact, however long


def _plain(digits: str) -> Iterator[str]:
    """The print as Decimal reads it, in each way that there is."""
    marks = [letter for letter in digits if letter in ".,"]
    if not marks:
        yield digits
        return
    whole, _, end = digits.rpartition(marks[-1])
    bare = re.sub(r"[.,]", "", whole)
    grouped = len(end) == 3 and not whole.startswith("0") and len(re.split(r"[.,]", whole)[0]) <= 3
    if grouped and len(set(marks)) == 1:
        yield bare + end
    if len(set(marks)) == 2 or len(marks) == 1:
        yield f"{bare}.{end}"


def written(value: Decimal) -> str:
    """As a field has it: 1234.50; more than two decimals only where they say something."""
    whole, _, decimals = plainly(value).partition(".")
    return f"{whole}.{decimals:0<2}"


def plainly(value: Decimal) -> str:
    """As a field of kind number has it: 12, 3.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def find_amounts(page: int, text: str, taken: Sequence[Candidate]) -> Iterator[Candidate]:
    """Every figure that may be an amount.

    Args:
        page: its number.
        text: the page's.
        taken: what the print says otherwise: dates.
    """
    spans = [(one.start, one.end) for one in taken]
    plain = text.translate(_ARABIC)
    for match in _FIGURE.finditer(plain):
        start, end = match.span()
        if any(start < last and first < end for first, last in spans):
            continue
        for one in _of_figure(page, plain, start, end):
            yield replace(one, text=text[one.start : one.end])


def _of_figure(page: int, text: str, start: int, end: int) -> Iterator[Candidate]:
    ahead, behind = text[max(0, start - 8) : start], text[end : end + 8]
    figure = text[start:end]
    sign = _SIGN.search(ahead)
    currency = _before().search(ahead[: sign.start()] if sign else ahead)
    sign = sign or (_SIGN.search(ahead[: currency.start()]) if currency else None)
    last = end + bool(not sign and re.search(r"[.,]\d{2}$", figure) and _SIGN_BEHIND.match(behind))
    money = bool(currency or _after().match(behind[last - end :]))
    if not money and not _alone(ahead, behind):
        return
    if not money and figure.isdigit() and len(figure) > LONGEST_BARE:
        return
    first = start - (len(ahead) - sign.start()) if sign else start
    gap = re.search(_GAP, figure)
    if gap and not money and re.search(rf"\d{_GAP}\d", figure):
        # Two cells of a row, perhaps: "1 250.00" is a count and an amount, or one amount.
        yield from _of_figure(page, text, start + gap.end(), end)
    meant = readings(text[first:last])
    doubt = max(
        TORN_DOUBT if _TORN.search(figure) else 0.0,
        TWO_WAYS_DOUBT if len(meant) > 1 else 0.0,
        BARE_DOUBT if figure.isdigit() and not money else 0.0,
    )
    for position, value in enumerate(meant):
        yield Candidate(written(value), page, first, last, text[first:last], doubt + 0.1 * position)


def _alone(ahead: str, behind: str) -> bool:
    """Whether the figure is no part of a word, a time, a share in percent or a longer number."""
    if re.search(r"[\w]$|[\w)][.,:/#_*@\u2212-]$|#\s?$|\+$", ahead):
        return False
    return not re.match(r"[^\W\d_]|_|\s?%|[:/]\d|-\w|[.,]\d", behind)


def usual_mark(candidates: Iterable[Candidate]) -> str:
    """The decimal mark of the amounts that can be read in one way only; empty where there are none."""
    marks = Counter(
        mark.group(1) for one in candidates if (mark := re.search(r"([.,])\s?\d{1,2}$", one.text)) and one.value
    )
    return marks.most_common(1)[0][0] if marks else ""
