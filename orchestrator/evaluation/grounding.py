"""Whether a value is on its page: checked from the result alone, by other code than the one that promises it."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from orchestrator.evaluation.numbers import amounts, integers
from orchestrator.findings import Box, Evidence, Field, PageText

SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY CNY", "￥": "JPY CNY", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₫": "VND",
    "$": "USD CAD AUD NZD SGD HKD MXN TWD BRL", "rm": "MYR", "rs": "INR PKR LKR", "kr": "SEK NOK DKK ISK", "zł": "PLN",
    "fr": "CHF", "kč": "CZK", "ft": "HUF", "฿": "THB", "₴": "UAH", "rp": "IDR", "₪": "ILS", "₦": "NGN", "₱": "PHP",
    "₡": "CRC", "₸": "KZT", "円": "JPY", "元": "CNY TWD", "د.إ": "AED", "ر.س": "SAR",
    "dollar": "USD CAD AUD SGD HKD NZD", "dólar": "USD CAD AUD SGD HKD NZD", "dollaro": "USD CAD AUD SGD HKD NZD",
    "euro": "EUR", "pound": "GBP", "livre": "GBP", "pfund": "GBP", "pond": "GBP", "libra": "GBP", "sterlin": "GBP",
    "rupee": "INR PKR LKR", "roupie": "INR", "rupi": "INR", "roepie": "INR", "ringgit": "MYR", "yen": "JPY",
    "yuan": "CNY", "franc": "CHF", "frank": "CHF", "franken": "CHF", "koron": "SEK NOK DKK CZK", "kron": "SEK NOK DKK",
    "couronne": "SEK NOK DKK CZK", "coron": "SEK NOK DKK CZK", "coroa": "SEK NOK DKK CZK", "koruna": "CZK",
    "zloty": "PLN", "złoty": "PLN", "real": "BRL", "reais": "BRL", "peso": "MXN", "rand": "ZAR",
}  # fmt: skip
"""What stands for a currency in print, beside its code."""


def fault(field: Field, pages: Mapping[int, PageText]) -> str:
    """Why the value is not on its page; empty where it is, or where there is no value.

    Args:
        pages: those that were read, by number from 1.
    """
    if field.value is None:
        return ""
    seen = field.evidence
    if seen is None:
        return "no evidence is given"
    if seen.page not in pages:
        return f"page {seen.page} was not read"
    if not _is_on(seen, pages[seen.page], words=field.kind != "currency"):
        return f"page {seen.page} does not say {seen.text!r}"
    return "" if _says(field.kind, field.value, seen.text) else f"{seen.text!r} does not say {field.value!r}"


def _is_on(seen: Evidence, page: PageText, *, words: bool) -> bool:
    """In the page's text, or, where it was composed of lines, in those that its box touches."""
    beside = " ".join(line.text for line in page.lines if seen.box and _touch(line.box, seen.box))
    return any(_holds(text, seen.text, words) for text in (page.text, beside))


def _holds(text: str, part: str, words: bool) -> bool:
    """Whether the text says it, and not only within a longer number or (`words`) a longer word."""
    whole, wanted = _plain(text), _plain(part)
    if not wanted:
        return False
    before = r"(?<!\d)(?<!\d[.,])" if wanted[0].isdigit() else r"(?<![a-z])" if words and wanted[0] in LETTERS else ""
    after = r"(?!\d)(?![.,]\d)" if wanted[-1].isdigit() else r"(?![a-z])" if words and wanted[-1] in LETTERS else ""
    return re.search(before + re.escape(wanted) + after, whole) is not None


LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _says(kind: str, value: str, text: str) -> bool:
    """Whether the evidence means the value."""
    if kind == "date":
        return _says_date(value, text)
    if kind == "amount" or (kind == "number" and _says_amount(value, text)):
        return _says_amount(value, text)
    if kind == "currency":
        return _says_currency(value, _plain(text))
    return _letters(value) in _letters(text)


def _says_date(value: str, text: str) -> bool:
    """Its year, day and month are there, each as a number of its own; a month may be a word."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value)
    if found is None:
        return _letters(value) in _letters(text)
    year, month, day = found.groups()
    if re.sub(r"\D", "", text) in {year + month + day, day + month + year, month + day + year}:
        return True
    left = integers(text)
    for number in (int(year), int(day)):
        # 8/20/2020 has its year in full: its day is not the year's short form.
        match = next((one for one in (number, number % 100) if one in left), None)
        if match is None:
            return False
        left.remove(match)
    return int(month) in left or re.search(r"[^\W\d_]{3,}", text) is not None


def _says_amount(value: str, text: str) -> bool:
    try:
        return abs(Decimal(value)) in amounts(text)
    except InvalidOperation:
        return False


def _says_currency(value: str, text: str) -> bool:
    return value.casefold() in text or any(sign in text and value in codes for sign, codes in SIGNS.items())


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
