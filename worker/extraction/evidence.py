"""The last gate: a value leaves only with print that says it, from the page that has it."""

import re
from collections.abc import Callable, Sequence

from orchestrator.findings import Evidence
from worker.extraction import amounts, currencies, dates, identifiers
from worker.extraction.candidates import Candidate, collapsed
from worker.extraction.sheets import Sheet

SHORTEST_COPY = 2
"""Letters: a shorter text stands on any page."""

EAST_ASIAN = "\u2e80"
"""From here on words are not parted."""
_POINT_BEFORE, _POINT_AFTER = re.compile(r"\d[.,]$"), re.compile(r"[.,]\d")

READ: dict[str, Callable[[str], Sequence[str]]] = {
    "text": lambda text: [collapsed(text)],
    "date": lambda text: [one.isoformat() for one in dates.readings(text)],
    "amount": lambda text: [amounts.written(one) for one in amounts.readings(text)],
    "number": lambda text: [amounts.plainly(one) for one in amounts.readings(text)],
    "currency": currencies.readings,
    "identifier": identifiers.readings,
    "iban": identifiers.iban_readings,
}
"""What a print of each kind may say."""


def says(kind: str, value: str, evidence: Evidence, sheets: Sequence[Sheet]) -> bool:
    """Whether the evidence is print of its page, and can be read as the value."""
    if not 1 <= evidence.page <= len(sheets) or not evidence.text.strip() or not value:
        return False
    return evidence.text in sheets[evidence.page - 1].text and value in READ[kind](evidence.text)


def evidence_of(one: Candidate, sheets: Sequence[Sheet]) -> Evidence:
    """Where the candidate stands."""
    return Evidence(one.page, one.text, sheets[one.page - 1].box(one.start, one.end))


def located(value: str, sheets: Sequence[Sheet]) -> Candidate | None:
    """The first place where the text stands, whatever its case and white space; None where it does not."""
    wanted = _bare(value)
    if len(wanted) < SHORTEST_COPY or not any(letter.isalnum() for letter in wanted):
        return None
    for sheet in sheets:
        kept = [at for at, letter in enumerate(sheet.text) if not letter.isspace()]
        bare = "".join(_folded(sheet.text[at]) for at in kept)
        first = bare.find(wanted)
        while first >= 0:
            start, end = kept[first], kept[first + len(wanted) - 1] + 1
            if _whole(sheet.text, start, end):
                printed = sheet.text[start:end]
                return Candidate(collapsed(printed), sheet.number, start, end, printed)
            first = bare.find(wanted, first + 1)
    return None


def _whole(text: str, start: int, end: int) -> bool:
    """Whether the span cuts no word and no figure."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    first, last = text[start], text[end - 1]
    cut_word = (_word(before[-1:]) and _word(first)) or (_word(last) and _word(after[:1]))
    cut_figure = (first.isdigit() and _POINT_BEFORE.search(before)) or (last.isdigit() and _POINT_AFTER.match(after))
    return not cut_word and not cut_figure


def _word(letter: str) -> bool:
    """Whether it is a letter of a script that parts its words, or a digit."""
    return letter.isalnum() and letter < EAST_ASIAN


def _bare(text: str) -> str:
    return "".join(_folded(letter) for letter in text if not letter.isspace())


def _folded(letter: str) -> str:
    folded = letter.casefold()
    return folded if len(folded) == 1 else letter
