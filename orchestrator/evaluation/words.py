"""How much of a text was read: words compared as a bag, so that reading order does not count.

Case, punctuation and typographic variants (ligatures, full-width letters) are no difference, nor is a space between a
letter and a digit. An amount is one word with its points and commas: 9.00 is not 900. A script without spaces has no
words: each of its characters is one.
"""

import re
import unicodedata
from collections import Counter

CHARACTERS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
"""Kana, Han and Hangul."""
MARKS = "\u0300-\u036f\u064b-\u0652"
"""Accents and vowel signs that stand after their letter."""
AMOUNT = r"\d+(?:[.,]\d{3})*(?:[.,]\d{1,2})?(?!\d)"
WORD = re.compile(rf"{AMOUNT}|\d+|[{CHARACTERS}]|(?:(?![{CHARACTERS}\d_])\w|[{MARKS}])+")


def words(text: str) -> list[str]:
    """The words of a text as they are compared, in its order."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def word_recall(truth: str, found: str) -> float:
    """The share of the true words that were found, each as often as it stands there: 0 to 1; 1 if there are none."""
    true, seen = Counter(words(truth)), Counter(words(found))
    return (true & seen).total() / true.total() if true else 1.0


def word_precision(truth: str, found: str) -> float:
    """The share of the found words that are true, each as often as it stands there: 0 to 1; 1 if none were found."""
    return word_recall(found, truth)
