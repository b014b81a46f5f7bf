"""Whether a found value is the true one; docs/evaluate.md tells the rules to people."""

import re
import unicodedata
from datetime import date

from orchestrator.evaluation.numbers import amounts

MOST_MORE = 6
"""Words that one of two texts may have beyond the other, at least; twice as many as the shorter one has, at most."""
SMALL_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
DATES, AMOUNTS = ("date", "due_date"), ("total", "net", "tax")
KINDS = dict.fromkeys(DATES, "date") | dict.fromkeys(AMOUNTS, "amount") | {"currency": "currency"}
"""Of fields whose result does not say, by their names."""


def agrees(kind: str, true: str, found: str) -> bool:
    """Whether a value is right.

    Args:
        kind: of the field: `date`, `amount`, `number`, `currency`, `identifier`, `iban`; any other is text.
        true: as somebody wrote it down; ` | ` parts several, all of which the value must have.
    """
    if kind == "date":
        return found in dates(true) if dates(true) else _text_agrees(true, found)
    if kind in {"amount", "number"}:
        return bool(amounts(true) & amounts(found)) if amounts(true) else _text_agrees(true, found)
    if kind == "currency":
        return true.strip().upper() == found.strip().upper()
    if kind in {"identifier", "iban"}:
        return _letters(true) == _letters(found)
    return all(_text_agrees(part, found) for part in true.split(" | "))


def dates(text: str) -> set[str]:
    """Every day that the text may mean, as 2024-03-01: where day and month may be either, both."""
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text.strip()):
        return _days([(found[1], found[2], found[3])])
    if found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", text.strip()):
        year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
        return _days([(year, found[2], found[1]), (year, found[1], found[2])])
    return set()


def _days(tries: list[tuple[str, str, str]]) -> set[str]:
    found: set[str] = set()
    for year, month, day in tries:
        try:
            found.add(date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    return found


def folded(text: str) -> list[str]:
    """The words without case, accents' variants, punctuation; `&` is `and`, numbers up to twelve are digits."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("\u2019", "").replace("&", " and ")
    words = re.findall(r"[^\W_]+", plain)
    return [str(SMALL_NUMBERS.index(word)) if word in SMALL_NUMBERS else word for word in words]


def _text_agrees(true: str, found: str) -> bool:
    """Whether one is the other, or holds it as whole words with not much else."""
    one, other = folded(true), folded(found)
    if not one or not other:
        return False
    if "".join(one) == "".join(other):
        return True
    short, long = sorted((one, other), key=len)
    inside = any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))
    return inside and len("".join(short)) >= 3 and len(long) - len(short) <= max(MOST_MORE, 2 * len(short))


def _letters(text: str) -> str:
    return "".join(folded(text))
