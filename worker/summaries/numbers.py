"""Numbers in a text, whatever separators they are printed with. Pure, no I/O."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_SPACES = "\u00a0\u202f\u2009 "
_NUMBER = re.compile(rf"\d+(?:[.,'\u2019{_SPACES}]\d+)*")
_GROUPED = re.compile(rf"\d{{1,3}}(?:([.,'\u2019{_SPACES}])\d{{3}})(?:\1\d{{3}})*")
_LAKH = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_SCALES = {
    3: "thousand tausend duizend mille",
    6: "million millions millionen miljoen mio mn",
    9: "billion billions milliarde milliarden milliard milliards miljard mrd bn",
    4: "\u4e07 \u842c",
    8: "\u4ebf \u5104",
}
_POWERS = {word: power for power, words in _SCALES.items() for word in words.split()}
_SCALE = re.compile(rf"\s?({'|'.join(sorted(_POWERS, key=len, reverse=True))})(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Number:
    """A number as printed.

    Args:
        start, end: where, in characters.
        written: as printed.
        values: what it may mean; `1,234` has two values.
    """

    start: int
    end: int
    written: str
    values: frozenset[Decimal]


def numbers_in(text: str) -> Iterator[Number]:
    """Every number, in order; of `5 million`, the product; of `1.2.3`, its parts. The digits are to be plain."""
    for match in _NUMBER.finditer(text):
        if values := _values(match.group()):
            scale = _SCALE.match(text, match.end())
            power = _POWERS[scale.group(1).casefold()] if scale else 0
            end = scale.end() if scale else match.end()
            scaled = frozenset(value.scaleb(power) for value in values)
            yield Number(match.start(), end, text[match.start() : end], scaled)
        else:
            yield from _parts(match)


def values_in(text: str) -> set[Decimal]:
    """All that a text's numbers may mean; of a row of numbers with spaces between, each number too."""
    found: set[Decimal] = set()
    for number in numbers_in(text):
        found |= number.values
        if any(space in number.written for space in _SPACES):
            found.update(Decimal(part) for part in re.findall(r"\d+", number.written))
    return found


def _parts(match: re.Match[str]) -> Iterator[Number]:
    for part in re.finditer(r"\d+", match.group()):
        start = match.start() + part.start()
        yield Number(start, start + len(part.group()), part.group(), frozenset([Decimal(part.group())]))


def _values(written: str) -> set[Decimal]:
    """With its separators between thousands, and with the last one as a decimal point; none where neither can be."""
    if written.isdigit():
        return {Decimal(written)}
    values: set[Decimal] = {Decimal(re.sub(r"\D", "", written))} if _is_grouped(written) else set()
    cut = max(index for index, one in enumerate(written) if not one.isdigit())
    whole, point, rest = written[:cut], written[cut], written[cut + 1 :]
    if point in ".," and (whole.isdigit() or (point not in whole and _is_grouped(whole))):
        values.add(Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{rest}"))
    return values


def _is_grouped(written: str) -> bool:
    return bool(_GROUPED.fullmatch(written) or _LAKH.fullmatch(written))
