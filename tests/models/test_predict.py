"""`predict` and `predict_batch` with real torch on the CPU."""

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from orchestrator import Fatal
from orchestrator.errors import SoftLimit, UsageError
from orchestrator.settings import Settings
from tests.models.making import CLASSES, Network, TestContext, exported, inputs, name_classes, scripted
from worker.models.torchscript import load_classifier
from worker.steps.predict import classify_many, predict, predict_batch


@pytest.fixture
def context(tmp_path: Path) -> TestContext:
    """Small chunks, and a TorchScript file with named classes."""
    path = scripted(tmp_path / "network.pt")
    name_classes(path, CLASSES)
    return TestContext(Settings(predict_model=path, predict_chunk=8, data_dir=tmp_path))


def truth(given: list[list[float]]) -> list[list[float]]:
    """What the network says, asked without docmill."""
    with torch.inference_mode():
        shares: Any = torch.softmax(Network().eval()(torch.tensor(given)), -1)
    return shares.tolist()


def test_one_input_has_the_class_and_the_confidence_that_torch_gives_it(context: TestContext) -> None:
    for given, shares in zip(inputs(20), truth(inputs(20)), strict=True):
        found = predict(given, "default", context)
        assert found.label == CLASSES[shares.index(max(shares))]
        assert found.confidence == pytest.approx(max(shares), abs=1e-6)
        assert found.device == ("cuda:0" if torch.cuda.is_available() else "cpu")


def test_a_list_has_what_its_inputs_have_alone(context: TestContext) -> None:
    found = predict_batch(inputs(30), "default", context)
    assert (found.done, found.total, found.stopped) == (30, 30, None)
    assert context.reported == [(8, 30), (16, 30), (24, 30), (30, 30)]
    for given, one in zip(inputs(30), found.results, strict=True):
        alone = predict(given, "default", context)
        assert one.label == alone.label and one.confidence == pytest.approx(alone.confidence, abs=1e-6)
    assert len({one.label for one in found.results}) > 1, "a test of one class would tell nothing"


def test_it_is_loaded_once_in_a_thousand_calls(context: TestContext) -> None:
    for given in inputs(1000):
        predict(given, "default", context)
    assert [(one.name, one.loads) for one in context.residents.report()] == [("predict", 1)]


def test_what_it_returns_is_plain_json(context: TestContext) -> None:
    text = msgspec.json.encode(predict(inputs(1)[0], "default", context))
    found = json.loads(text)
    assert set(found) == {"class", "confidence", "device"} and isinstance(found["confidence"], float)


def test_without_names_a_class_is_its_number(tmp_path: Path) -> None:
    classifier = load_classifier(scripted(tmp_path / "bare.pt"))
    shares = truth(inputs(5))
    assert [one.label for one in classify_many(classifier, inputs(5))] == [row.index(max(row)) for row in shares]


@pytest.mark.parametrize("batch", [None, 1, 4])
def test_an_exported_file_whatever_batch_it_was_exported_for(tmp_path: Path, batch: int | None) -> None:
    classifier = load_classifier(exported(tmp_path / "network.pt2", batch))
    classifier.warm_up()
    found, shares = classify_many(classifier, inputs(10)), truth(inputs(10))
    assert [one.label for one in found] == [row.index(max(row)) for row in shares]
    assert [one.confidence for one in found] == pytest.approx([max(row) for row in shares], abs=1e-6)


def test_a_model_in_halves_takes_the_same_inputs(tmp_path: Path) -> None:
    classifier = load_classifier(scripted(tmp_path / "half.pt", Network().bfloat16()))
    found, shares = classify_many(classifier, inputs(10)), truth(inputs(10))
    assert [one.confidence for one in found] == pytest.approx([max(row) for row in shares], abs=0.02)


def test_at_the_soft_limit_what_is_done_is_returned(context: TestContext) -> None:
    context.stop_at = 16
    found = predict_batch(inputs(30), "default", context)
    assert (found.done, found.total, len(found.results)) == (16, 30, 16)
    assert found.stopped == "the time was up: 14 of 30 inputs are missing"
    context.stop_at = None
    assert found.results == predict_batch(inputs(30), "default", context).results[:16]


def test_a_limit_after_the_last_input_stops_nothing(context: TestContext) -> None:
    context.stop_at = 30
    found = predict_batch(inputs(30), "default", context)
    assert (found.done, found.stopped) == (30, None)


def test_a_limit_before_anything_is_done_is_a_failure(context: TestContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: Any) -> Any:
        raise SoftLimit("too late")

    classifier = context.model("predict")
    monkeypatch.setattr(classifier, "_run", late)
    with pytest.raises(SoftLimit):
        predict_batch(inputs(3), "default", context)


WRONG: list[tuple[Any, str]] = [
    ([], "the input is empty"),
    ([[]], "the input is empty"),
    ([1, 2, [3], 4], "ragged"),
    ([1, 2, 3], r"does not take an input of shape \[3\]: .*mat1 and mat2"),
    ([[1, 2, 3, 4]], r"the model answers shape \[1, 1, 3\], where \[inputs, classes\] is due"),
    ([1, 2, math.nan, 4], "NaN"),
    ([1, 2, math.inf, 4], "infinity"),
    ([1, 2, 1e300, 4], "too large for 32 bits"),
    ([1, 2, None, 4], "no number"),
    ([1, 2, "3", 4], "no number"),
    ([True, False, True, True], "no number"),
    ({"a": 1}, "no number"),
]


@pytest.mark.parametrize(("given", "text"), WRONG)
def test_a_wrong_input_fails_for_good_and_says_why(context: TestContext, given: Any, text: str) -> None:
    with pytest.raises(Fatal, match=text):
        predict(given, "default", context)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ([], "send at least one"),
        ([[1, 2, 3, 4], [1, 2, 3]], r"input 1 has the shape \[3\], input 0 has \[4\]"),
        ([[1, 2, 3, 4], [1, 2, 3, math.nan]], "input 1 holds NaN"),
        ([[1, 2, 3, 4], []], "input 1 is empty"),
    ],
)
def test_a_wrong_list_says_which_input(context: TestContext, given: Any, text: str) -> None:
    with pytest.raises(Fatal, match=text):
        predict_batch(given, "default", context)
    assert context.residents.names() == [], "it is told before the model is loaded"


@pytest.mark.parametrize("name", ["none-such", "llm", "paddleocr"])
def test_only_a_model_that_predicts_is_loaded(context: TestContext, name: str) -> None:
    from worker.pipelines import document as document

    with pytest.raises(Fatal, match=rf"no model '{name}' that predicts: use one of default"):
        predict(inputs(1)[0], name, context)
    assert context.residents.names() == []


def test_the_missing_setting_is_named() -> None:
    with pytest.raises(UsageError, match=r"set DOCMILL_PREDICT_MODEL to a TorchScript file"):
        predict(inputs(1)[0], "default", TestContext(Settings()))


@pytest.mark.parametrize("name", ["state.pt", "state.pt2", "text.pt", "text.pt2"])
def test_a_file_of_another_kind_is_told_with_the_right_kinds(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.startswith("state"):
        torch.save(Network().state_dict(), path)
    else:
        path.write_text("no model")
    with pytest.raises(UsageError, match=rf"{name} cannot be loaded; it must be a TorchScript file"):
        load_classifier(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no model file"):
        load_classifier(tmp_path / "gone.pt")


@pytest.mark.parametrize("names", [{"0": "cat"}, [1, 2, 3], "cat"])
def test_names_that_are_no_list_are_told(tmp_path: Path, names: object) -> None:
    path = scripted(tmp_path / "network.pt")
    name_classes(path, names)
    with pytest.raises(UsageError, match=r"network.pt.classes.json must be a JSON list of names"):
        load_classifier(path)


def test_too_few_names_are_told(tmp_path: Path) -> None:
    path = scripted(tmp_path / "network.pt")
    name_classes(path, CLASSES[:2])
    with pytest.raises(Fatal, match=r"knows 3 classes, its \.classes\.json names 2"):
        classify_many(load_classifier(path), inputs(1))
