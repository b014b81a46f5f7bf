"""A PDF page's own text: its lines with their places, and whether it can be used as it is."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestrator import Fatal
from orchestrator.findings import Line
from worker.documents.images import MOST_PIXELS
from worker.documents.layout import Box
from worker.documents.letters import letters
from worker.documents.order import ordered_rows
from worker.documents.pdf import LONGEST_SIDE, opened_page, picture_of
from worker.documents.pieces import pieces

WORD = re.compile(r"[\W_]*(?:[^\W\d_]{2,}(?:['\u2019.-][^\W\d_]+)*|[aAIàyéoOuU&]|[\d.,:/%$€£-]+)[\W_]*")
SAMPLE = 600
"""Words that are looked at to judge a text layer."""
PICTURE = 0.3
"""Share of the page: a larger image may be a scan, so it is looked at whether there is more on the page than its text."""


@dataclass(frozen=True)
class Layer:
    """A page's own text, and what is known about it.

    Args:
        text: its rows, a line each; cells of a row are parted by two spaces.
        lines: in the order of `text`, each with its place.
        cover: share of the page that its largest image covers, 0 to 1.
        drawn: whether anything at all is drawn on the page.
        beside: share of the page's ink that is nowhere near its text; looked at only where an image is large.
    """

    text: str
    lines: list[Line]
    cover: float
    drawn: bool
    beside: float = 0.0

    @property
    def good(self) -> bool:
        """Whether the text can be used as it is.

        Text over a picture of the whole page is another program's OCR: it must look faultless, and be all there is:
        a header or a stamp over a scan is not. Other text is what the author's program wrote, and only a broken
        encoding rules it out.
        """
        words = self.text.split()
        if self.cover >= PICTURE and self.beside > 0.5:
            return False
        if self.cover >= 0.8:
            return len(words) >= 20 and word_share(words) >= 0.95
        return bool(words) and word_share(words) >= 0.5 and _broken_share(self.text) < 0.05


def text_layer(path: Path, name: str, index: int, most_pixels: int = MOST_PIXELS) -> Layer:
    """The page's own text, with what `Layer.good` needs to judge it.

    Raises:
        Fatal: the page is not there, is broken, or has an image of more than `most_pixels`, or too many characters.
    """
    with opened_page(path, name, index) as page:
        cover, drawn, pixels = _images(page)
        if pixels > most_pixels:
            raise Fatal(
                f"{name}: page {index + 1} has an image of {pixels:,} pixels; at most {most_pixels:,} are read "
                "(DOCMILL_MAX_PIXELS): it is a mistake, or made to fill the memory"
            )
        try:
            rows = ordered_rows(_pieces(page))
        except ValueError as problem:
            raise Fatal(f"{name}: page {index + 1} has {problem}") from None
        boxes = [box for row in rows for box in row]
        beside = _ink_beside(page, boxes) if boxes and cover >= PICTURE else 0.0
        width, height = page.get_size()
    text = "\n".join("  ".join(box.text for box in row) for row in rows)
    return Layer(text, [Line(box.text, box.thousandths(width, height), 1.0) for box in boxes], cover, drawn, beside)


def word_share(words: list[str]) -> float:
    """The share of the words (a sample) that look like words or numbers of any language."""
    sample = words[:: max(1, len(words) // SAMPLE)]
    return sum(WORD.fullmatch(word) is not None for word in sample) / max(1, len(sample))


def _broken_share(text: str) -> float:
    """The share of replacement, private-use and control characters: the font had no usable encoding."""
    broken = sum(c == "\ufffd" or "\ue000" <= c < "\uf900" or (c < " " and c not in "\r\n\t") for c in text)
    return broken / max(1, len(text))


def _pieces(page: Any) -> list[Box]:
    textpage = page.get_textpage()
    try:
        return list(pieces(letters(page, textpage)))
    finally:
        textpage.close()


def _images(page: Any) -> tuple[float, bool, int]:
    """(share of the page that its largest image covers, whether anything is drawn, pixels of the image with most)."""
    from pypdfium2 import raw  # pyright: ignore[reportMissingTypeStubs]

    x0, y0, x1, y1 = page.get_bbox()  # as the file has it: /Rotate turns neither this nor the images' places
    cover, drawn, pixels = 0.0, False, 0
    for shape in page.get_objects(max_depth=3):
        drawn = True
        if shape.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = shape.get_bounds()
            area = max(0.0, min(right, x1) - max(left, x0)) * max(0.0, min(top, y1) - max(bottom, y0))
            cover = max(cover, area / max(1.0, (x1 - x0) * (y1 - y0)))
            width, height = shape.get_px_size()
            pixels = max(pixels, width * height)
    return cover, drawn, pixels


def _ink_beside(page: Any, boxes: list[Box]) -> float:
    """The share of the page's ink that is not within its text's boxes."""
    from worker.documents.ink import ink

    scale = min(1.0, LONGEST_SIDE / max(page.get_size()))
    marks = ink(picture_of(page, scale))
    total = int(marks.sum())
    for box in boxes:
        left, top, right, bottom = (max(0, int(edge * scale)) for edge in (box.left, box.top, box.right, box.bottom))
        marks[top : bottom + 1, left : right + 1] = False
    return int(marks.sum()) / max(1, total)
