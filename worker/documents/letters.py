"""The letters of a PDF page by PDFium: what each is and where it stands, in points, the page the right way up."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_LETTERS = 300_000
"""Of a page: some 7 seconds; a newspaper's has 50,000."""
FAR = 1_000_000
"""PDFium answers whole numbers: asked for a page of so many pixels, none is lost."""
TIDIED = {"\ufffe": "-", "\x02": "-", "\u00ad": "-", "\0": "", "\ufeff": "", "\u00a0": " "}
"""The marks that PDFium leaves for hyphens, and characters that nobody sees."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One character; `edges` is None where it takes no place of its own, as a line end that PDFium adds."""

    text: str
    edges: tuple[float, float, float, float] | None
    """Left, top, right, bottom."""


def letters(page: Any, textpage: Any) -> Iterator[Letter]:
    """The page's characters in the order of its content.

    Raises:
        ValueError: there are more than any page has.
    """
    import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

    raw: Any = pypdfium2.raw
    displayed = _display(page)
    code, where, box = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, raw.FS_RECTF()
    pointer, high = ctypes.byref(box), ""
    count = raw.FPDFText_CountChars(textpage)
    if count > MOST_LETTERS:
        raise ValueError(
            f"{count:,} characters; at most {MOST_LETTERS:,} are read: it is a mistake, or made to fill the memory"
        )
    for index in range(count):
        text = chr(code(textpage, index))
        if "\ud800" <= text < "\udc00":
            high = text  # the first half of a character beyond the first 65,536
            continue
        if "\udc00" <= text < "\ue000":
            text, high = (high + text).encode("utf-16", "surrogatepass").decode("utf-16", "replace"), ""
        text = TIDIED.get(text, text)
        known: bool = bool(text.strip()) and where(textpage, index, pointer)
        yield Letter(text, displayed(box.left, box.top, box.right, box.bottom) if known else None)


def _display(page: Any) -> Any:
    """From the page's own coordinates to those of the page as it is shown: cropped, turned, `y` downwards."""
    import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

    raw: Any = pypdfium2.raw
    width, height = page.get_size()
    x, y = ctypes.c_int(), ctypes.c_int()

    def shown(at_x: float, at_y: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page, 0, 0, FAR, FAR, 0, at_x, at_y, ctypes.byref(x), ctypes.byref(y))
        return x.value * width / FAR, y.value * height / FAR

    start, right, up = shown(0, 0), shown(1000, 0), shown(0, 1000)
    (a, c), (b, d) = [((end[0] - start[0]) / 1000, (end[1] - start[1]) / 1000) for end in (right, up)]

    def displayed(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        x0, y0 = start[0] + a * left + b * top, start[1] + c * left + d * top
        x1, y1 = start[0] + a * right + b * bottom, start[1] + c * right + d * bottom
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    return displayed
