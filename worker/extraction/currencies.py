"""Currencies: ISO 4217 codes, signs and names, and which code each print stands for."""

import re
from collections.abc import Iterator
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_name, get_currency_symbol, get_territory_currencies

from worker.extraction.candidates import Candidate

SIGNS = {
    "$": ("USD",), "US$": ("USD",), "C$": ("CAD",), "S$": ("SGD",), "AU$": ("AUD",), "£": ("GBP",), "¥": ("JPY", "CNY"),
    "￥": ("JPY", "CNY"), "円": ("JPY",), "元": ("CNY",), "RM": ("MYR",), "Rs": ("INR", "PKR", "LKR"), "₹": ("INR",),
    "Rs.": ("INR", "PKR", "LKR"), "zł": ("PLN",), "Kč": ("CZK",), "Ft": ("HUF",), "kr": ("SEK", "NOK", "DKK"),
    "SFr.": ("CHF",), "Fr.": ("CHF",), "₽": ("RUB",), "₺": ("TRY",), "฿": ("THB",), "₴": ("UAH",), "Rp": ("IDR",),
    "د.إ": ("AED",), "ر.س": ("SAR",),
}  # fmt: skip
"""What each stands for, by convention first."""
NAMED = (
    "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "MYR", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK", "HKD", "SGD",
    "NZD", "BRL", "MXN", "ZAR",
)  # fmt: skip
"""Those whose code or name counts anywhere; other codes (ALL, TOP, BHD) are words too, and count beside a figure."""
LANGUAGES = ("en", "fr", "nl", "de", "es", "it", "pt")
SIGN_DOUBT = 0.1
"""Of a sign that several currencies use."""


@cache
def codes() -> frozenset[str]:
    """The currencies that some country uses today."""
    return frozenset(code for place in get_global("territory_currencies") for code in get_territory_currencies(place))


@cache
def signs() -> dict[str, tuple[str, ...]]:
    """Every print that stands for a currency, its case folded where it is a name."""
    found = dict(SIGNS)
    for code in codes():
        symbol = get_currency_symbol(code, "en")
        if symbol != code:
            found.setdefault(symbol, (code,))
    for code in NAMED:
        for language in LANGUAGES:
            for count in (1, 2):
                found.setdefault(get_currency_name(code, count, language).casefold(), (code,))
    return found


@cache
def beside_figure() -> str:
    """A pattern of the codes and signs that stand directly beside figures."""
    short = [sign for sign in signs() if len(sign) <= 4 and sign not in ("euro",)]
    return "|".join(re.escape(one) for one in sorted([*codes(), *short, "Euro", "EURO"], key=len, reverse=True))


@cache
def _pattern() -> re.Pattern[str]:
    names = [sign for sign in signs() if len(sign) > 3]
    one_of = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    beside = beside_figure()
    plain = "|".join(sorted(codes() & set(NAMED)))
    lettered = "|".join(re.escape(sign) for sign in SIGNS if sign.isalpha() and sign.isascii() and len(sign) > 1)
    # A sign in letters counts beside a figure, in brackets, or alone in its cell: "RM 5.00", "(RM)".
    gap = "[ \u00a0]"
    return re.compile(
        rf"(?<![^\W\d_])(?:{beside})(?={gap}{{0,2}}[-\u2212]?\d)"
        rf"|(?:(?<=\d)|(?<=\d{gap}))(?:{beside})(?![^\W\d_])"
        rf"|(?<=\()(?:{beside})(?=\))|(?<![^\W_])(?:{plain})(?![^\W_])|(?<!\S)(?:{lettered})(?!\S)"
        rf"|(?:(?<!\w)|(?<=\d))(?i:{one_of})(?!\w)|[$€£¥₹₩₽₺₫฿₱₪₴￥]"
    )


def readings(text: str) -> tuple[str, ...]:
    """The currencies that the print may stand for, the usual one first; none where it is no currency's."""
    text = text.strip()
    if text in codes():
        return (text,)
    return signs().get(text) or signs().get(text.casefold(), ())


def find_currencies(page: int, text: str, language: str) -> Iterator[Candidate]:
    """Every mention of a currency.

    Args:
        page: its number.
        text: the page's.
        language: ISO 639-1, which decides what ¥ is.
    """
    for match in _pattern().finditer(text):
        print_ = match.group()
        meant = readings(print_)
        # "1GEL" counts as an amount, "HELADEF1GEL" does not.
        if meant and not re.search(r"[^\W\d_]\d+\s?$", text[max(0, match.start() - 20) : match.start()]):
            code = _usual(meant, language)
            sure = print_ in codes() or (len(meant) == 1 and print_ != "$")
            yield Candidate(code, page, match.start(), match.end(), print_, 0.0 if sure else SIGN_DOUBT)


def _usual(meant: tuple[str, ...], language: str) -> str:
    local = {"zh": "CNY", "ja": "JPY", "nb": "NOK", "no": "NOK", "da": "DKK", "sv": "SEK"}.get(language)
    return local if local in meant else meant[0]
