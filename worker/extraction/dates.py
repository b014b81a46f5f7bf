"""Dates: each print that says a day, a month and a year, with the ways in which it can be read."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import import_module

from worker.extraction.candidates import Candidate

LANGUAGES = (
    "en", "fr", "nl", "de", "es", "it", "pt", "ca", "pl", "cs", "sk", "hu", "ro", "sv", "da", "nb", "fi", "et", "lv", "lt",
    "hr", "sl", "bg", "el", "tr", "ru", "uk", "id", "ms", "vi", "ar", "he",
)  # fmt: skip
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
ORDER_DOUBT, CONVENTION_DOUBT, SHOWN_DOUBT = 0.4, 0.15, 0.05
_HAN = dict(zip("〇零一二三四五六七八九", (0, *range(10)), strict=True))
_HAN_NUMBER = "[〇零一二三四五六七八九十]"

_NUMERIC = re.compile(
    r"""(?<![\d.,/-])(?:
      (?P<y>\d{4})\s?(?P<m1>[-/.])\s?(?P<mo>\d{1,2})\s?(?P=m1)\s?(?P<d>\d{2}(?=\d{2}:\d{2})|\d{1,2}(?!\d))
      |(?P<a>\d{1,2})\s?(?P<m2>[-/.])\s?(?P<b>\d{1,2})\s?(?P=m2)\s?(?P<c>\d{4}|\d{2})(?!\d)
      |(?P<a2>\d{1,2})(?P<m3>[-/.])(?P<b2>\d{1,2})(?P=m3)(?P<c2>\d{4})(?=\d{2}:\d{2})
    )(?![-/]\d|[.,]\d)""",
    re.VERBOSE,
)
_EAST_ASIAN = re.compile(
    rf"(?P<y>\d{{4}}|{_HAN_NUMBER}{{4}})\s?[年년]\s?(?P<m>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})\s?[月월]\s?"
    rf"(?P<d>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})\s?[日일]"
)


@cache
def months() -> dict[str, frozenset[int]]:
    """The months' names and abbreviations in many languages, from dateparser's data."""
    found: dict[str, set[int]] = {"sept": {9}, "juill": {7}}
    for language in LANGUAGES:
        data = import_module(f"dateparser.data.date_translation_data.{language}").info
        for number, month in enumerate(MONTHS, 1):
            for word in data.get(month, ()):
                if len(word) > 2 and not any(letter.isdigit() for letter in word):
                    found.setdefault(str(word).lower().rstrip("."), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _named() -> re.Pattern[str]:
    word = r"[^\W\d_]{3,14}"  # that it is a month is looked up: 800 names in the pattern take ten times as long
    ordinal = r"(?:\s?(?:st|nd|rd|th|er|ère|e|º|ª|\.))?"
    joined = r"(?:\s*(?:day\s+of|de|del|di|of|d'|-|/|,)\s*|\s*)"
    year = r"(?P<{0}>\d{{4}}|['\u2019]\d{{2}}|(?<=[-/])\d{{2}})(?!\d)"
    return re.compile(
        rf"(?<![\w.,/-])(?P<d1>\d{{1,2}}){ordinal}{joined}(?P<m1>{word})(?!\w)\.?{joined}{year.format('y1')}"
        rf"|(?<!\w)(?P<m2>{word})(?!\w)\.?\s?(?P<d2>\d{{1,2}})(?!\d){ordinal}(?:\s?[,-]\s?|\s)(?:of\s)?{year.format('y2')}"
        rf"|(?<!\w)(?P<m3>{word})(?!\w)[-/](?P<d3>\d{{1,2}})[-/]{year.format('y3')}"
        rf"|(?<![\w.,/-])(?P<y4>\d{{4}})[-/ ](?P<m4>{word})[-/ ](?P<d4>\d{{1,2}})(?!\d)",
        re.IGNORECASE,
    )


def readings(text: str) -> tuple[date, ...]:
    """The dates that the whole print may mean, day before month first; none where it is no date."""
    text = text.strip()
    for pattern, read in _READERS:
        # What follows decides whether a print ends there; alone it ends.
        match = pattern.fullmatch(text) or (pattern.fullmatch(text + "00:00", 0, len(text)) if text else None)
        if match:
            return tuple(dict.fromkeys(read(match)))
    return ()


def find_dates(page: int, text: str) -> Iterator[tuple[Candidate, tuple[date, ...]]]:
    """Every date, read in the usual way, with all the ways in which it can be read."""
    for pattern, read in _READERS:
        match = pattern.search(text)
        while match:
            meant = tuple(dict.fromkeys(read(match)))
            if meant:
                doubt = 0.0 if len(meant) == 1 else ORDER_DOUBT
                yield Candidate(meant[0].isoformat(), page, match.start(), match.end(), match.group(), doubt), meant
            match = pattern.search(text, match.end() if meant else match.start() + 1)


def _numeric(match: re.Match[str]) -> Iterator[date]:
    part = match.groupdict()
    if part["y"]:
        yield from _made(int(part["y"]), part["mo"], part["d"])
        return
    first, second, last = part["a"] or part["a2"], part["b"] or part["b2"], part["c"] or part["c2"]
    mark = part["m2"] or part["m3"]
    if len(last) == 2 and mark == "." and len(first) + len(second) < 4:
        return  # 1.2.34 is a version or a section
    year = _full(last)
    yield from _made(year, second, first)
    yield from _made(year, first, second)
    if len(last) == 2 and len(first) == 2 and mark == "-":
        yield from _made(_full(first), second, last)


def _with_name(match: re.Match[str]) -> Iterator[date]:
    part = match.groupdict()
    for way in "1234":
        if part[f"m{way}"]:
            year = part[f"y{way}"].lstrip("'\u2019")
            for month in sorted(months().get(part[f"m{way}"].lower(), ())):
                yield from _made(_full(year), month, part[f"d{way}"])


def _east_asian(match: re.Match[str]) -> Iterator[date]:
    year = match["y"]
    digits = year if year.isdigit() and year.isdecimal() else "".join(str(_HAN.get(letter, "x")) for letter in year)
    if digits.isdecimal():
        yield from _made(int(digits), _han(match["m"]), _han(match["d"]))


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[date]]], ...] = (
    (_NUMERIC, _numeric),
    (_EAST_ASIAN, _east_asian),
    (_named(), _with_name),
)


def _han(text: str) -> int:
    """A number to 99 in digits or in Chinese numerals."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return ((_HAN.get(tens, 1) if tens else 1) * 10 if ten else 0) + (_HAN.get(ones, 0) if ones else 0)


def _made(year: int, month: str | int, day: str | int) -> Iterator[date]:
    try:
        made = date(year, int(month), int(day))
    except ValueError:
        return
    if 1600 <= made.year <= 2199:
        yield made


def _full(year: str) -> int:
    """The year; 70 to 99 are of the last century."""
    if len(year) == 4:
        return int(year)
    return int(year) + (1900 if int(year) >= 70 else 2000)


def settled(found: Iterable[tuple[Candidate, tuple[date, ...]]], month_first: bool | None) -> list[Candidate]:
    """The candidates, each with its day and month in the document's order.

    Args:
        found: all of a document.
        month_first: what its language and currency suggest; None where nothing does.
    """
    found = list(found)
    sure = {meant[0] for _, meant in found if len(meant) == 1}
    orders = {order for one, meant in found if (order := _shown_order(one.text, meant)) is not None}
    shown = next(iter(orders)) if len(orders) == 1 else None
    return [one if len(meant) == 1 else _read_as(one, meant, sure, shown, month_first) for one, meant in found]


def _read_as(
    one: Candidate, meant: tuple[date, ...], sure: set[date], shown: bool | None, month_first: bool | None
) -> Candidate:
    """A date of several readings: the one that the document says elsewhere, else the one in its order of day and month."""
    told = next((reading for reading in meant if reading in sure), None)
    if told is not None:
        return replace(one, value=told.isoformat(), doubt=SHOWN_DOUBT)
    doubt = SHOWN_DOUBT if shown is not None else CONVENTION_DOUBT if month_first is not None else ORDER_DOUBT
    first = shown if shown is not None else month_first
    return replace(one, value=(_month_first(one.text, meant) if first else meant[0]).isoformat(), doubt=doubt)


def _month_first(text: str, meant: tuple[date, ...]) -> date:
    """The reading whose month is the first number; 31-05-06 has none."""
    number = re.match(r"\d+", text)
    return next((one for one in meant if number and one.month == int(number[0])), meant[0])


def _shown_order(text: str, meant: tuple[date, ...]) -> bool | None:
    """Whether a date that can be read in one way only has its month first; None where it does not show it."""
    parts = re.match(r"(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]", text)
    if not parts or len(meant) > 1 or parts[1] == parts[2]:
        return None
    return int(parts[1]) == next(iter(meant)).month
