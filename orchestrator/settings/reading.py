"""Settings of reading: pages, OCR, and what a file may cost."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ByteSize, Field, field_validator
from pydantic_settings import BaseSettings

DEVICE = r"auto|cpu|gpu(:\d+)?"


class OcrModel(BaseModel, frozen=True, extra="forbid"):
    """A recogniser for one language: a model's name in PaddleOCR's words, and the folder that holds it."""

    name: str
    dir: Path | None = None
    """None leaves it to PaddleX to fetch the model of that name at first use."""


class ReadingSettings(BaseSettings):
    """How pages are read."""

    max_pages: int = Field(default=10_000, ge=1, le=10_000)
    """The most pages that a document may have; a longer one fails, saying so."""
    max_pixels: int = Field(default=120_000_000, ge=1_000_000, le=2_000_000_000)
    """The most pixels of an image; an A3 page at 600 dots per inch has 70 million. More is refused before it is unpacked."""
    max_unpacked: ByteSize = Field(default=ByteSize(256 * 2**20), ge=2**20)
    """The most that one stream of a PDF may unpack to, but for images; opening one may take eight times that of memory."""

    ocr_dpi: int = Field(default=150, ge=72, le=600)
    """Dots per inch at which a PDF page is rendered for OCR."""
    ocr_batch: int = Field(default=1, ge=1, le=256)
    """Lines that the recogniser reads in one pass; more are faster on a card, and take more memory."""
    ocr_engine: Literal["onnxruntime", "paddle", "paddle_static"] = "onnxruntime"
    """What runs the models; `paddle` and `paddle_static` want paddlepaddle or paddlepaddle-gpu."""
    ocr_device: str = Field(default="auto", pattern=f"^({DEVICE})$")
    """`cpu`, `gpu:0`, or `auto`: the card where the slot has one and the engine can use it."""
    ocr_detector: str = "PP-OCRv6_small_det"
    """The model that finds lines."""
    ocr_recogniser: str = "PP-OCRv6_small_rec"
    """The model that reads them, where `ocr_models` names none for the language."""
    ocr_model_dirs: dict[str, Path] = {}
    """JSON: a model's name to its folder in PaddleX's layout. The two above come with docmill for onnxruntime; PaddleX
    fetches what has no folder at first use."""
    ocr_models: dict[str, OcrModel] = {}
    """JSON: a language (ISO 639-1) to its recogniser, such as
    `{"ar": {"name": "arabic_PP-OCRv5_mobile_rec", "dir": "/models/ar"}}`."""
    ocr_unwarp: bool = False
    """Flatten curved pages (photos of books) first; costs a model's run a page."""
    ocr_orientation: bool = False
    """Ask a model which side of the page is up; without it, a page that reads badly is tried the other ways round."""
    ocr_line_orientation: bool = False
    """Ask a model for each line whether it stands on its head."""

    @field_validator("ocr_models")
    @classmethod
    def _check_languages(cls, given: dict[str, OcrModel]) -> dict[str, OcrModel]:
        wrong = [code for code in given if not (len(code) == 2 and code.isalpha() and code.islower())]
        if wrong:
            raise ValueError(f"a language is two small letters (ISO 639-1), not {', '.join(map(repr, wrong))}")
        return given
