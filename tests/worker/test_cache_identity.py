"""What counts as the same work, and what does not."""

import datetime
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from orchestrator import Cache, Currency, form, model, step
from orchestrator.errors import PipelineError
from orchestrator.findings import Category, Field, PageText, Text
from orchestrator.forms.catalogue import form_of
from orchestrator.graph import Step
from orchestrator.models import revision_of
from orchestrator.settings import Settings
from orchestrator.settings.reading import OcrModel
from orchestrator.source import Source
from worker.models.revisions import weights
from worker.pipelines.document import classify, extract, ocr, summarise
from worker.running.identity import Identity, Unidentified, refers
from worker.steps.types import PageRef

PAGE = PageRef("0-1a/input/a.pdf", "a.pdf", 0, "pdf", "d1")
TEXT = Text("Invoice 7", 1, 0, 2)


def digest(of: Step[Any], settings: Settings | None = None, /, **arguments: Any) -> str:
    return Identity(of, settings or Settings()).digest(arguments)


def test_a_page_is_the_same_whatever_file_and_document_it_came_with() -> None:
    same = PageRef("0-1b/input/b.pdf", "b.pdf", 0, "pdf", "d1")
    assert digest(ocr, page=PAGE, lang="auto") == digest(ocr, page=same, lang="auto")


@pytest.mark.parametrize(
    "change",
    [
        {"page": PageRef("0-1a/input/a.pdf", "a.pdf", 1, "pdf", "d1")},
        {"page": PageRef("0-1a/input/a.pdf", "a.pdf", 0, "pdf", "d2")},
        {"lang": "de"},
        {"settings": Settings(ocr_dpi=300)},
        {"settings": Settings(ocr_orientation=True)},
        {"settings": Settings(ocr_recogniser="another")},
        {"settings": Settings(ocr_models={"ar": OcrModel(name="arabic")})},
    ],
)
def test_another_page_language_or_setting_is_other_work(change: dict[str, Any]) -> None:
    settings = change.pop("settings", None)
    assert digest(ocr, settings, **{"page": PAGE, "lang": "auto", **change}) != digest(ocr, page=PAGE, lang="auto")


def test_what_changes_no_result_changes_no_digest() -> None:
    settings = Settings(lease=60, ocr_batch=8, llm_url="http://elsewhere:8000/v1", redis_url="redis://x")
    assert digest(ocr, settings, page=PAGE, lang="auto") == digest(ocr, page=PAGE, lang="auto")
    asked: dict[str, Any] = {"text": TEXT, "max_words": 50}
    assert digest(summarise, settings, **asked) == digest(summarise, **asked)
    assert digest(summarise, Settings(llm_model="other"), **asked) != digest(summarise, **asked)


def test_bytes_that_nobody_knows_are_nobodys_same() -> None:
    with pytest.raises(Unidentified):
        digest(ocr, page=PageRef("0-1a/input/a.pdf", "a.pdf", 0, "pdf"), lang="auto")


def test_weights_are_told_apart_by_what_is_in_them(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "abc"]
    for folder, content in zip(folders, (b"1", b"1", b"2"), strict=True):
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "inference.onnx").write_bytes(content)
    revisions = [revision_of("paddleocr", Settings(ocr_model_dirs={"PP-OCRv6_small_det": one})) for one in folders]
    assert revisions[0] == revisions[1] != revisions[2]
    (folders[0] / "deep" / "inference.onnx").write_bytes(b"22")
    assert weights(folders[0]) != weights(folders[1]), "a file that changed is read again"
    assert weights(None) == weights(tmp_path / "nothing") == ""


def test_another_form_is_another_extraction() -> None:
    asked: dict[str, Any] = {"text": TEXT, "kind": Category("ticket", 1.0), "pages": [PageText(0, "x", "ocr")]}
    before = digest(extract, **asked)
    in_settings = Settings(fields={"ticket": form_of("invoice", {})})

    @form("ticket")
    class Ticket(msgspec.Struct):  # pyright: ignore[reportUnusedClass]
        day: datetime.date
        currency: Currency | None

    in_code = digest(extract, **asked)
    assert len({before, in_code, digest(extract, in_settings, **asked)}) == 3
    other = {**asked, "kind": Category("letter", 1.0)}
    assert digest(extract, in_settings, **other) == digest(extract, **other), "the form of another category"


def make(version: str = "1", name: str | None = None) -> Step[Any]:
    """A step, each time of the same name in the same place."""

    @step(version=version, model=name, cache=True)
    def worked(sources: list[Source | None], extra: dict[str, int]) -> Field | None:
        return None

    return worked


@model("dated", revision="2024-05")
def load_dated(settings: Settings) -> None:
    """Never loaded."""


def test_a_step_is_known_by_its_place_its_version_and_its_models() -> None:
    def of(made: Step[Any], path: str = "0-1a/x", **more: int) -> str:
        return digest(made, sources=[None, Source("x", path, "d")], extra=more)

    @step(cache=True)
    def worked(sources: list[Source | None], extra: dict[str, int]) -> Field | None:
        return None

    assert of(make()) == of(make(), "0-1b/y") != of(make("2"))
    assert of(make(), a=1, b=2) == of(make(), b=2, a=1) != of(make(), a=1, b=3)
    assert len({of(make()), of(worked), of(make(name="dated"))}) == 3


@pytest.mark.parametrize(
    ("of", "expected"), [(Source, True), (dict[str, list[Source | None]], True), (list[PageText], False), (Any, False)]
)
def test_only_values_that_may_stand_for_bytes_are_looked_through(of: Any, expected: bool) -> None:
    assert refers(of) == expected


def test_what_is_costly_and_follows_from_its_arguments_is_cached() -> None:
    assert all(one.cache for one in (ocr, classify, extract, summarise))


def plain(value: int) -> int:
    return value


def _inside(factor: int) -> Callable[[int], int]:
    def scale(value: int) -> int:
        return value * factor

    return scale


@pytest.mark.parametrize(
    ("cache", "function", "text"),
    [
        (Cache(ttl=0), None, "no time"),
        (Cache(settings=("ocr_dpy",)), None, "settings that there are not: ocr_dpy"),
        (Cache(), _inside(3), "depends on factor of the function around it"),
    ],
)
def test_a_cache_that_cannot_be_meant_is_refused(cache: Cache, function: Any, text: str) -> None:
    with pytest.raises(PipelineError, match=text):
        step(cache=cache)(function or plain)


def test_a_function_with_a_wrapper_around_it_is_cached_as_itself() -> None:
    @functools.wraps(plain)
    def wrapped(value: int) -> int:
        return plain(value)

    assert digest(step(cache=True)(wrapped), value=1) == digest(step(cache=True)(plain), value=1)
