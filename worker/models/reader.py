"""From a page's picture to its text: OCR, the right way up, in reading order."""

from collections.abc import Callable, Mapping
from statistics import median
from typing import TYPE_CHECKING, Any

from orchestrator import Fatal
from orchestrator.findings import Line, PageText
from orchestrator.settings.reading import OcrModel
from worker.documents.languages import AUTO, UNREAD, language_of
from worker.documents.layout import Box
from worker.documents.order import placed_rows
from worker.models.found import Found, skew, straightened

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOWEST_SCORE = 0.6
"""Lines read with less confidence are left out: they are ruling, logos and handwriting guessed at."""
SUSPICIOUS_SCORE = 0.85
"""A page whose median is lower may be upside down: it is read that way too, and the better reading is kept."""
EVERY_LANGUAGE = "PP-OCRv6_small_rec"
"""The packaged recogniser; what it does not read is known."""

Make = Callable[[OcrModel | None], Any]


class Reader:
    """PaddleOCR with what a page needs around it.

    Args:
        make: a `paddleocr.PaddleOCR` with that recogniser, None with the usual one; called once for each.
        models: the recognisers of languages that have their own.
        usual: the name of the usual recogniser.
    """

    def __init__(self, make: Make, models: Mapping[str, OcrModel], usual: str = EVERY_LANGUAGE) -> None:
        self._make, self._models, self._usual = make, models, usual
        self.loaded: dict[OcrModel | None, Any] = {None: make(None)}

    def read(self, picture: "NDArray[np.uint8]", index: int, lang: str = AUTO) -> PageText:
        """Read one page.

        Args:
            picture: height x width x 3, BGR, 0 to 255.
            index: the page's, from 0.
            lang: the language, ISO 639-1, or `auto`: it is found from what the usual recogniser reads.

        Raises:
            Fatal: no recogniser is set up for that language.
            MissingPart: its model cannot be loaded.
        """
        if lang != AUTO:
            self._check(lang)
            return self._read(picture, index, lang)
        page = self._read(picture, index, AUTO)
        return self._read(picture, index, found) if (found := language_of(page.text)) in self._models else page

    def _check(self, lang: str) -> None:
        if lang in UNREAD and lang not in self._models and self._usual == EVERY_LANGUAGE:
            raise Fatal(
                f"OCR cannot read the script of lang={lang!r}: {self._usual} knows Latin letters, Chinese and Japanese. "
                f'Name a recogniser for it: DOCMILL_OCR_MODELS={{"{lang}": {{"name": "...", "dir": "..."}}}}'
            )

    def _read(self, picture: "NDArray[np.uint8]", index: int, lang: str) -> PageText:
        turned, (height, width), found = self._right_way_up(picture, self._engine(lang))
        kept = [one for one in found if one.score >= LOWEST_SCORE and one.text]
        boxes = straightened(kept)
        rows, of = placed_rows(boxes), {id(box): one for box, one in zip(boxes, kept, strict=True)}
        text = "\n".join("  ".join(box.text for box in row) for row in rows)
        lines = [_line(of[id(box)], width, height) for row in rows for box in row]
        how = "ocr" if found else "blank"
        return PageText(index, text, how, lines, len(found) - len(kept), turned, round(skew(kept), 2))

    def _engine(self, lang: str) -> Any:
        model = self._models.get(lang)
        if model not in self.loaded:
            self.loaded[model] = self._make(model)
        return self.loaded[model]

    def _right_way_up(self, picture: "NDArray[np.uint8]", engine: Any) -> tuple[int, tuple[int, int], list[Found]]:
        """(degrees turned, height and width so turned, lines): as it is unless it looks wrong, else the best way."""
        import numpy as np

        tries = [_find(engine, picture)]
        for quarter in _other_ways(tries[0][2]):
            turned, size, found = _find(engine, np.ascontiguousarray(np.rot90(picture, quarter)))
            tries.append(((turned + 90 * quarter) % 360, size, found))
        return max(tries, key=lambda one: _quality(one[2]))


def _find(engine: Any, picture: "NDArray[np.uint8]") -> tuple[int, tuple[int, int], list[Found]]:
    """(degrees that the engine itself turned the page, height and width of what it read, lines)."""
    # The result also holds the page's picture: nothing but the texts leaves this function.
    result = engine.predict(picture)[0]
    polygons = [[(float(x), float(y)) for x, y in polygon] for polygon in result["rec_polys"]]
    lines = zip(result["rec_texts"], result["rec_scores"], polygons, strict=True)
    found = [Found(str(text).strip(), float(score), polygon) for text, score, polygon in lines]
    before = result["doc_preprocessor_res"]
    height, width = before["output_img"].shape[:2]
    return max(0, int(before.get("angle", 0))), (int(height), int(width)), found


def _other_ways(found: list[Found]) -> tuple[int, ...]:
    """Quarters of a turn to try: to either side where most lines stand upright, over where most are read badly."""
    if not found:
        return ()
    if sum(one.upright for one in found) > 0.5 * len(found):
        return 1, 3
    return (2,) if median(one.score for one in found) < SUSPICIOUS_SCORE else ()


def _quality(found: list[Found]) -> float:
    """Letters read with confidence; lying lines count more, since upright ones are read in the wrong order."""
    return sum(len(one.text) * one.score**2 * (0.5 if one.upright else 1.0) for one in found)


def _line(one: Found, width: int, height: int) -> Line:
    return Line(one.text, Box(one.text, *one.edges).thousandths(width, height), round(one.score, 3))
