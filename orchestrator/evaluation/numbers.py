"""Numbers in print: amounts with any separators, digits of any script."""

import re
from decimal import Decimal, InvalidOperation

NUMBER = re.compile(r"\d(?:[\d.,'`\u00b4\u2019\u00a0\u202f\u066b\u066c ]*\d)?")
ARABIC = str.maketrans("\u066c\u066b", ",.")
CHINESE = dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))


def amounts(text: str) -> set[Decimal]:
    """Every amount that the text may say: a point or a comma may part decimals or thousands, a space thousands or amounts."""
    runs = NUMBER.findall(text)
    return {amount for found in [*runs, *(part for run in runs for part in run.split())] for amount in _readings(found)}


def _readings(number: str) -> set[Decimal]:
    digits = re.sub(r"[^\d.,]", "", number.translate(ARABIC))
    whole, _, rest = digits.rpartition(max(".,", key=digits.rfind))
    texts = {re.sub(r"[.,]", "", digits)}
    if whole and len(rest) != 3:
        texts = {re.sub(r"[.,]", "", whole) + "." + rest}
    elif whole and not re.search(r"[.,]", whole):
        texts.add(f"{whole}.{rest}")  # 1.234 is either
    return {value for text in texts if (value := _decimal(text)) is not None}


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal("".join(str(int(c)) if c.isdecimal() else c for c in text))
    except InvalidOperation:
        return None


def integers(text: str) -> list[int]:
    """The runs of digits, of any script, as numbers; Chinese numerals too."""
    plain = re.sub(r"[〇零一二三四五六七八九十]+", lambda found: str(_chinese(found[0])), text)
    return [int(found) for found in re.findall(r"\d+", plain)]


def _chinese(numeral: str) -> int:
    """二〇〇六 is 2006, 二十五 is 25."""
    if "十" not in numeral:
        return int("".join(str(CHINESE[c]) for c in numeral))
    tens, _, ones = numeral.partition("十")
    return 10 * (CHINESE[tens[-1]] if tens else 1) + (CHINESE.get(ones[:1], 0))
