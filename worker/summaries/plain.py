"""Text with its digits made plain: full-width, Arabic and Chinese ones as 0-9. Pure, no I/O."""

import re
import unicodedata

_HAN_DIGITS = dict(
    zip(
        "\u3007\u96f6\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d",
        (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
        strict=True,
    )
) | {"\u4e24": 2, "\u5169": 2}
_HAN_TENS = {"\u5341": 10, "\u767e": 100, "\u5343": 1000}
_HAN = "".join(_HAN_DIGITS) + "".join(_HAN_TENS)
_HAN_UNITS = "\u5e74\u6708\u65e5\u53f7\u865f\u5143\u5713\u5706%\u4e07\u842c\u5104\u4ebf"
_HAN_NUMBER = re.compile(rf"[{_HAN}]{{2,}}|[{_HAN}](?=[{_HAN_UNITS}])")
"""One numeral alone is often a word: only before a unit does it count."""


def plain(text: str) -> str:
    """The text with digits 0-9, and with Chinese numerals written in them."""
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        text = "".join(_digit(one) for one in text)
        text = _HAN_NUMBER.sub(lambda match: _han(match.group()), text)
    return text


def _digit(one: str) -> str:
    value = -1 if one.isascii() else unicodedata.decimal(one, -1)
    return str(value) if value >= 0 else "," if one == "\u066c" else "." if one == "\u066b" else one


def _han(numeral: str) -> str:
    """Digit by digit, or with its tens, hundreds and thousands."""
    if not any(one in _HAN_TENS for one in numeral):
        return "".join(str(_HAN_DIGITS[one]) for one in numeral)
    total, digit = 0, 0
    for one in numeral:
        if one in _HAN_TENS:
            total += max(1, digit) * _HAN_TENS[one]
            digit = 0
        else:
            digit = _HAN_DIGITS[one]
    return str(total + digit)
