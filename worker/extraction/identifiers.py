"""Identifiers: tokens that have a digit, and account numbers whose check digits are right."""

import re
from collections.abc import Iterator, Sequence

from stdnum import iban

from worker.extraction.candidates import Candidate

_TOKEN = re.compile(r"(?<![^\W_])(?:[#№]\s?)?(?=[\w/.#-]{0,40}\d)[^\W_][\w/.-]*[^\W_]|(?<!\S)\d(?!\S)")
_NOT_A_PREFIX = "NO|NR|IBAN|TEL|FAX|INV|REG|GST|VAT|ID|BTW|TVA|PO|REF"
_RUN = re.compile(
    rf"(?<![^\W_])(?<!\w[.,:/-])(?:[#№] ?)?(?:(?!(?:{_NOT_A_PREFIX})\b)[A-Z]{{1,4}}[ -])?[A-Z0-9]*\d[A-Z0-9/_-]*"
    r"(?:(?:- ?| -?)[A-Z]*\d[A-Z0-9/_-]*){0,3}(?![^\W_]|[.,]\d)"
)
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]){11,30}(?![^\W_])")
LONGEST = 40
RUN_DOUBT = 0.05
"""Of several tokens taken as one: a code that OCR tore, or two codes beside each other."""


def readings(text: str) -> tuple[str, ...]:
    """The identifier that the print is; none where it has no digit."""
    text = text.strip()
    return (text,) if re.search(r"\d", text) and len(text) <= LONGEST else ()


def iban_readings(text: str) -> tuple[str, ...]:
    """The account number that the print is; none where its check digits are wrong."""
    return (text.strip(),) if iban.is_valid(text) else ()


def find_identifiers(page: int, text: str, taken: Sequence[Candidate]) -> Iterator[Candidate]:
    """Every token with a digit that is no date, and every short run of such tokens and capitals.

    Args:
        page: its number.
        text: the page's.
        taken: what the print says otherwise: dates.
    """
    spans = [(one.start, one.end) for one in taken]
    seen: set[tuple[int, int]] = set()
    for pattern, doubt in ((_TOKEN, 0.0), (_RUN, RUN_DOUBT)):
        for match in pattern.finditer(text):
            start, end = match.span()
            if (start, end) in seen:
                continue
            seen.add((start, end))
            is_taken = any(start < last and first < end for first, last in spans)
            if not is_taken and readings(match.group()):
                yield Candidate(match.group(), page, start, end, match.group(), doubt)


def find_ibans(page: int, text: str) -> Iterator[Candidate]:
    """Every account number whose check digits are right."""
    for match in _IBAN.finditer(text):
        printed = match.group()
        while printed and not iban.is_valid(printed):
            printed = printed.rpartition(" ")[0]
        if printed:
            yield Candidate(printed, page, match.start(), match.start() + len(printed), printed)
