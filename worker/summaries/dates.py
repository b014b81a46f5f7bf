"""Dates in a text, by their parts: `3 May 2021`, `2021-05-03` and `05/03/2021` may be the same day. No I/O."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import chain
from typing import Any

LANGUAGES = ("en", "fr", "nl", "de", "es", "it", "pt")
"""Whose names of months are known; years, months and days in Chinese and Japanese have signs of their own."""
_NAMES = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip

Day = tuple[int | None, int | None, int | None]
"""Year, month, day of the month, as far as they are said."""


@dataclass(frozen=True)
class Date:
    """A date as printed.

    Args:
        start, end: where, in characters.
        written: as printed.
        days: what it may mean; `03/05/2021` has two days.
    """

    start: int
    end: int
    written: str
    days: frozenset[Day]


def dates_in(text: str) -> Iterator[Date]:
    """Every date with a month and a day or a year beside it, in order of its kind. The digits are to be plain."""
    taken: list[tuple[int, int]] = []
    for match in chain.from_iterable(pattern.finditer(text) for pattern in _patterns()):
        days = frozenset(day for day in _days({key: value for key, value in match.groupdict().items() if value}))
        if days and not any(start < match.end() and match.start() < end for start, end in taken):
            taken.append(match.span())
            yield Date(*match.span(), match.group(), days)


def says(known: Day, asked: Day) -> bool:
    """Whether a known date says all that is asked of it."""
    return all(one is None or one == other for one, other in zip(asked, known, strict=True))


def _days(said: dict[str, str]) -> Iterator[Day]:
    """What the parts may mean, impossible months and days left out."""
    year = _year(said["y"]) if "y" in said else None
    if "name" in said:
        pairs = [(_months()[said["name"].casefold()], int(said["d"]) if "d" in said else None)]
    elif "m" in said:
        pairs = [(int(said["m"]), int(said["d"]) if "d" in said else None)]
    else:
        first, second = int(said["a"]), int(said["b"])
        pairs = [(first, second), (second, first)]
    for month, day in pairs:
        if 1 <= month <= 12 and (day is None or 1 <= day <= 31):
            yield year, month, day


def _year(written: str) -> int:
    year = int(written)
    return year if len(written) == 4 else year + (2000 if year < 70 else 1900)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    name = rf"(?P<name>{'|'.join(sorted(map(re.escape, _months()), key=len, reverse=True))})\.?(?!\w)"
    year, day = r"(?P<y>\d{4})(?!\d)", r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.|º)?"
    written = (
        r"(?<!\d)(?P<y>\d{4})\s?\u5e74\s?(?P<m>\d{1,2})\s?\u6708(?:\s?(?P<d>\d{1,2})\s?[\u65e5\u53f7\u865f])?",
        r"(?<!\d)(?P<m>\d{1,2})\s?\u6708\s?(?P<d>\d{1,2})\s?[\u65e5\u53f7\u865f]",
        r"(?<![\d.,])(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?![\d])",
        r"(?<![\d.,])(?P<a>\d{1,2})([-/.])(?P<b>\d{1,2})\2(?P<y>\d{4}|\d{2})(?!\d)",
        rf"{day}\s?(?:of |de |-)?{name},?[\s-]?(?:de )?{year}",
        rf"(?<!\w){name}\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d),?\s{{1,2}}{year}",
        rf"(?<!\w){name},?[\s-](?:of |de )?{year}",
        rf"{day}\s?(?:of |de )?{name}",
        rf"(?<!\w){name}\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.,]*\d)",
    )
    return tuple(re.compile(one, re.IGNORECASE) for one in written)


@cache
def _months() -> dict[str, int]:
    """The number of each month's name and short name, in lower case, by the tables of dateparser."""
    months: dict[str, int] = {}
    for language in LANGUAGES:
        table: dict[str, Any] = import_module(f"dateparser.data.date_translation_data.{language}").info
        for number, name in enumerate(_NAMES, 1):
            months |= {one.casefold(): number for one in table[name] if len(one) > 2}
    return months
