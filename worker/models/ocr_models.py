"""Model folders in PaddleOCR's layout (`inference.onnx`, `inference.yml`) from bare ONNX files."""

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def place(folder: Path, onnx: Path, config: Callable[[str, Path], dict[str, Any]]) -> Path:
    """Make the folder once and whole: another process sees all of it or nothing.

    Args:
        folder: where; its name is the model's.
        onnx: the packaged model; linked, so it takes no space twice.
        config: makes the content of `inference.yml` from the name and the ONNX file.
    """
    if _is_whole(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    (draft / "inference.onnx").symlink_to(onnx)
    # JSON is YAML: nothing else is needed to write it.
    (draft / "inference.yml").write_text(json.dumps(config(folder.name, onnx)), encoding="utf-8")
    if folder.exists() and not _is_whole(folder):
        shutil.rmtree(folder)  # its link leads nowhere: the package moved
    try:
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft)  # another process was first
    return folder


def _is_whole(folder: Path) -> bool:
    return (folder / "inference.onnx").exists() and (folder / "inference.yml").exists()


def detector_config(name: str, onnx: Path) -> dict[str, Any]:
    """`inference.yml` of PP-OCRv6's text detector."""
    normalise = {
        "mean": [0.485, 0.456, 0.406],
        "std": [0.229, 0.224, 0.225],
        "scale": "1./255.",
        "order": "hwc",
    }
    steps: list[dict[str, Any]] = [
        {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
        {"DetResizeForTest": None},
        {"NormalizeImage": normalise},
        {"ToCHWImage": None},
        {"KeepKeys": {"keep_keys": ["image", "shape", "polys", "ignore_tags"]}},
    ]
    after = {"name": "DBPostProcess", "thresh": 0.2, "box_thresh": 0.4, "max_candidates": 3000, "unclip_ratio": 1.4}
    return {"Global": {"model_name": name}, "PreProcess": {"transform_ops": steps}, "PostProcess": after}


def recogniser_config(name: str, onnx: Path) -> dict[str, Any]:
    """`inference.yml` of PP-OCRv6's recogniser; its alphabet lies in the ONNX file's metadata."""
    import onnxruntime  # pyright: ignore[reportMissingTypeStubs]

    session: Any = onnxruntime.InferenceSession(onnx)
    alphabet = session.get_modelmeta().custom_metadata_map["character"].split("\n")
    steps: list[dict[str, Any]] = [
        {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
        {"RecResizeImg": {"image_shape": [3, 48, 320]}},
        {"KeepKeys": {"keep_keys": ["image", "label_ctc", "label_gtc", "length", "valid_ratio"]}},
    ]
    after = {"name": "CTCLabelDecode", "character_dict": alphabet}
    return {"Global": {"model_name": name}, "PreProcess": {"transform_ops": steps}, "PostProcess": after}
