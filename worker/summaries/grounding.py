"""What a text says, and what in a sentence it does not say: numbers, dates, names. No I/O; a long text takes a second."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from worker.summaries.dates import Date, Day, dates_in, says
from worker.summaries.names import Name, bare, names_in
from worker.summaries.number_words import number_words, values_spoken
from worker.summaries.numbers import Number, numbers_in, values_in
from worker.summaries.plain import plain

NEAR = 4
"""Words of one name stand at most so far apart in the text, in either order: `Green, Mrs A.`"""
_WORD = re.compile(r"[^\W_]+")


class Ground:
    """All that a text says.

    Args:
        text: the document.
        lang: ISO 639-1; empty is English.
    """

    def __init__(self, text: str, lang: str) -> None:
        self._lang = lang or "en"
        plainly = plain(text)
        self._values = values_in(plainly)
        self._days: set[Day] = {day for date in dates_in(plainly) for day in date.days}
        self._values |= {Decimal(part) for day in self._days for part in day if part is not None}
        self._places: dict[str, list[int]] = defaultdict(list)
        words = [match.group().casefold() for match in _WORD.finditer(plainly)]
        for place, word in enumerate(words):
            self._places[word].append(place)
        self._values |= values_spoken(words, self._lang)

    def missing(self, sentence: str) -> list[str]:
        """The dates, numbers and names of a sentence that the text does not have, as the sentence writes them."""
        plainly = plain(sentence)
        dates = list(dates_in(plainly))
        rest = _blanked(plainly, dates)
        numbers = list(numbers_in(rest))
        absent = [date.written for date in dates if not self._has_date(date)]
        absent += [number.written for number in numbers if not number.values & self._values]
        spoken = number_words(_blanked(rest, numbers), self._lang)
        absent += [said for said, value in spoken if value not in self._values]
        names = names_in(rest, self._lang, lambda word: bool(self._places_of(word.casefold())))
        return absent + [str(name) for name in names if not self._has_name(name)]

    def _has_date(self, date: Date) -> bool:
        return any(says(known, asked) for known in self._days for asked in date.days)

    def _has_name(self, name: Name) -> bool:
        words = [word for part in name.words for word in _words(part)]
        places = [self._places_of(word) for word in words]
        pairs = pairwise(places)
        return all(places) and all(_are_near(left, right) for left, right in pairs)

    def _places_of(self, word: str) -> list[int]:
        """Of the word, or of its plural or singular."""
        return self._places.get(word) or self._places.get(f"{word}s") or self._places.get(word.removesuffix("s")) or []


def _words(text: str) -> list[str]:
    return [match.group().casefold() for match in _WORD.finditer(bare(text))]


def _blanked(text: str, found: Sequence[Date | Number]) -> str:
    """The text without what was judged already, all else at its place."""
    for one in found:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


def _are_near(left: list[int], right: list[int]) -> bool:
    """Whether some place of the one is within `NEAR` of some place of the other."""
    for place in left:
        index = bisect_left(right, place - NEAR)
        if index < len(right) and right[index] <= place + NEAR:
            return True
    return False
