"""Numbers that are written in words. No I/O."""

import re
from collections.abc import Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from importlib import import_module
from typing import Any

LANGUAGES = frozenset(("en", "fr", "de", "nl", "es", "it", "pt"))
LEAST = 3
"""`One` and `two` are mostly no figures: `one of the`, `the two parties`."""
REACH = 6
"""Words on either side of a number word that may belong to its number."""
_PHRASE = re.compile(r"[^\d.,;:!?()\n]+")


def number_words(text: str, lang: str, least: int = LEAST) -> Iterator[tuple[str, Decimal]]:
    """(the words, their value) of each number of at least `least`; none in a language that is not known."""
    if lang not in LANGUAGES:
        return
    library: Any = import_module("text_to_num")  # has no types
    for match in _PHRASE.finditer(text):
        words = match.group().split()
        digits = str(library.alpha2digit(" ".join(words), lang)).split()
        for said, number in _changed(words, digits):
            if (value := Decimal(number)) >= least:
                yield said, value


def _changed(words: list[str], digits: list[str]) -> Iterator[tuple[str, str]]:
    """(words, the number that took their place), by what stays equal around them."""
    steps = SequenceMatcher(None, words, digits, autojunk=False).get_opcodes()
    for tag, start, end, first, last in steps:
        if tag != "equal":
            said = " ".join(words[start:end])
            yield from ((said, number) for one in digits[first:last] for number in re.findall(r"\d+", one))


def values_spoken(words: list[str], lang: str) -> set[Decimal]:
    """All that a long text says in number words: only what stands around such words is read, not the whole.

    Args:
        words: the text's, in order.
        lang: ISO 639-1.
    """
    spoken = {word for word in set(words) if word.isalpha() and any(number_words(word, lang, least=1))}
    places = [place for place, word in enumerate(words) if word in spoken]
    phrases = {" ".join(words[max(0, place - REACH) : place + REACH + 1]) for place in places}
    alone = {value for word in spoken for _, value in number_words(word, lang, least=1)}
    return alone | {value for phrase in phrases for _, value in number_words(phrase, lang, least=1)}
