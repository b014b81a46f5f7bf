"""Which texts each role of a text field may be, and what speaks for each."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from worker.extraction import texts
from worker.extraction.candidates import Candidate
from worker.extraction.sheets import Sheet
from worker.extraction.targets import Target

Scored = Iterator[tuple[float, Candidate]]

IN_SENTENCES = ("party", "other_party", "term", "governing_law")
HEAD_LINE = 1.5
"""What speaks for the first line of a document as the name of its sender; less for each row below."""
SHORT = 40
"""Characters."""
GENERIC = re.compile(
    r"(?i)(?:tax |retail |cash |payment )?(?:invoices?|receipts?|bill|facture|rechnung|factuur|invoice/bill|fatura"
    r"|confidential|page \d.*|exhibit.*|copy|original|date|total|logo|strictly confidential|form|welcome|customer copy)"
    r"(?:/bill)?\W*"
)
_PERSON_OR_PLACE = re.compile(r"\d{3,}|[:@]|www\.|\b(?:street|road|avenue|jalan|rue|straße|lane|box)\b", re.IGNORECASE)
_LAND = "state|commonwealth|province|republic|kingdom|country"
_LAW = re.compile(
    rf"(?i:laws?\sof\s(?:the\s)?(?:(?:{_LAND})\sof\s)?(?:the\s)?)([A-Z][\w'’-]+(?:\s(?:and |of )?[A-Z][\w'’-]+){{0,3}})"
)
_COUNT = r"(?:\d{1,3}|one|two|three|four|five|six|seven|ten|twelve|eighteen|twenty-four|thirty-six)"
_UNIT = "year|month|week|day|jahr|monat|an|mois|jaar|maand"
_TERM = re.compile(rf"(?i)\b({_COUNT}(?:\s\(\d{{1,3}}\))?[\s-](?:calendar )?(?:{_UNIT})(?:s|e|n|en)?)\b")
_ENDS = re.compile(r"(?i)terminat|expire|term\b|cease|period|remain in (?:full )?force|continue|valid|binding")
_NAME = r"[A-Z][\w&.'’-]*(?:\s(?:[A-Z&][\w&.'’-]*|of|the|de|van|von))*"
_BETWEEN_TWO = re.compile(rf"(?i:\bbetween)\s+(?:the\s)?({_NAME})[^.]{{0,160}}?\sand\s+(?:the\s)?({_NAME})(?<!\.)")
_BETWEEN = re.compile(r"(?i)\b(?:between|among|by and between|entered into by)\b")


def text_candidates(target: Target, sheets: Sequence[Sheet]) -> list[tuple[float, Candidate]]:
    """(how much speaks for it, a text that the field may be)."""
    by_role: dict[str, Callable[[Target, Sequence[Sheet]], Scored]] = {
        "vendor": _companies, "organisation": _companies, "sender": _companies, "title": _titles, "party": _parties,
        "other_party": _parties, "governing_law": _laws, "term": _terms,
    }  # fmt: skip
    special = by_role.get(target.role)
    found = chain(special(target, sheets) if special else (), _labelled(target, sheets))
    return [(score, one) for score, one in found if _is_text(one.value)]


def _is_text(value: str) -> bool:
    """Whether it may be a name: letters for the most part, and no word that stands on every document."""
    letters = sum(letter.isalnum() for letter in value)
    return 2 <= len(value) <= texts.LONGEST and letters >= 0.5 * len(value) and not GENERIC.fullmatch(value)


def _labelled(target: Target, sheets: Sequence[Sheet]) -> Scored:
    """What follows a label; of what stands in a sentence, only what is no sentence itself."""
    for sheet in sheets:
        for score, one in texts.labelled(sheet, target):
            if target.role not in IN_SENTENCES or (len(one.value) <= SHORT and not one.value.endswith(".")):
                yield score, one


def _companies(target: Target, sheets: Sequence[Sheet]) -> Scored:
    """Lines of the head, and companies' names anywhere; the sender's name is in its addresses too."""
    sites = texts.domains(sheets)
    first = HEAD_LINE if target.role != "organisation" else 0.5  # there it needs more than its place
    for row, one in texts.pieces(sheets[0], range(texts.HEAD_ROWS)):
        letters = sum(letter.isalpha() for letter in one.value)
        if (
            letters >= 3
            and letters > 0.5 * len(one.value)
            and not _PERSON_OR_PLACE.search(one.value)
            and len(one.value) <= 60
        ):
            prose = (
                1.0
                if len(one.value.split()) > 6 or one.value[0] in "(*" or one.value.endswith((".", "?", "!"))
                else 0.0
            )
            yield first - 0.12 * row + _site(one, sites) - _customer(sheets[0], one) - prose, one
    for sheet in _ends(sheets):
        for one in texts.organisations(sheet):
            head = 0.9 - 0.05 * sheet.row_of(one.start) if sheet.number == 1 else 0.0
            yield 1.3 + max(0.0, head) + _site(one, sites) - _customer(sheet, one), one


def _ends(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The first pages and the last: names stand there."""
    return [sheet for sheet in sheets if sheet.number <= 3 or sheet.number > len(sheets) - 2]


def _site(one: Candidate, sites: set[str]) -> float:
    letters = re.sub(r"\W", "", one.value).lower()
    return (
        1.2 if any(site in letters or (letters in site and len(letters) >= 0.7 * len(site)) for site in sites) else 0.0
    )


def _customer(sheet: Sheet, one: Candidate) -> float:
    """What a label of the customer, in its row or the two above, takes off."""
    index = sheet.row_of(one.start)
    near = (
        " ".join(sheet.row(number) for number in range(max(0, index - 2), index))
        + sheet.text[sheet.rows[index][0] : one.start]
    )
    return (
        2.0 if re.search(r"(?i)\b(?:bill(?:ed)? to|sold to|ship(?:ped)? to|customer|attn|rechnung an)\b", near) else 0.0
    )


def _titles(target: Target, sheets: Sequence[Sheet]) -> Scored:
    """The first lines; large print says more."""
    heights = sorted(piece.line.box[3] - piece.line.box[1] for piece in sheets[0].pieces)
    usual = heights[len(heights) // 2] if heights else 0
    for row, one in texts.pieces(sheets[0], range(8)):
        if sum(letter.isalpha() for letter in one.value) >= 4:
            box = sheets[0].box(one.start, one.end)
            tall = min(2.0, (box[3] - box[1]) / usual - 1) if box and usual else 0.0
            yield 1.5 - 0.2 * row + max(0.0, tall) + (0.4 if one.value.isupper() else 0.0), one


def _parties(target: Target, sheets: Sequence[Sheet]) -> Scored:
    """Who is named after "between", and companies at the beginning."""
    for sheet in sheets[:1]:
        for both in _BETWEEN_TWO.finditer(sheet.text):
            yield 2.8, texts.candidate(sheet, *both.span(1))
            yield 2.6, texts.candidate(sheet, *both.span(2))
        between = _BETWEEN.search(sheet.text)
        for one in texts.organisations(sheet):
            near = between is not None and 0 <= one.start - between.end() < 300
            yield 3.0 - 0.05 * min(40, sheet.row_of(one.start)) + (1.0 if near else 0.0), one


def _laws(target: Target, sheets: Sequence[Sheet]) -> Scored:
    for sheet in sheets:
        for one in texts.after(sheet, _LAW):
            before = sheet.text[max(0, one.start - 200) : one.start].lower()
            yield (3.0 if re.search(r"govern|constru|subject to|interpret", before) else 0.8), one


def _terms(target: Target, sheets: Sequence[Sheet]) -> Scored:
    for sheet in sheets:
        for one in texts.after(sheet, _TERM):
            around = sheet.text[max(0, one.start - 160) : one.end + 40]
            score = (
                1.0
                + (1.5 if _ENDS.search(around) else 0.0)
                + (0.8 if re.search(r"(?i)agreement|obligations", around) else 0.0)
            )
            score += (
                1.0 if re.search(r"(?i)\bterm\b[^.]{0,60}$", around[: one.start - max(0, one.start - 160)]) else 0.0
            )
            yield (
                score + (0.5 if re.match(r"\s(?:from|after) the date", sheet.text[one.end : one.end + 16]) else 0.0),
                one,
            )
