"""The language of a text, and what becomes of one that cannot be read."""

from pathlib import Path

import pytest

from orchestrator import Fatal
from orchestrator.settings import Settings
from tests.documents.fakes import FakeContext
from tests.documents.reading import read_pages
from worker.documents.languages import CODES, TOLD, UNREAD, check_language, language_of
from worker.documents.text_layer import text_layer

SAID_OTHERWISE = {"form-arabic.pdf": "fa", "invoice-qualityhosting.pdf": "de"}
"""The corpus names the script, or both; the form is in Persian."""


def test_the_codes_are_those_of_iso_639_1() -> None:
    """All the parts speak of the same languages."""
    assert len(CODES) > 180 and set(TOLD) <= CODES and UNREAD <= CODES
    assert {"en", "fr", "nl", "de", "zh", "ja"} <= set(TOLD) - UNREAD


def test_the_language_of_the_corpus_text_layers(corpus: Path) -> None:
    """English, French, Dutch, German, Persian: of every born-digital document's first page."""
    rows = [line.split("\t") for line in (corpus / "MANIFEST.tsv").read_text().splitlines()[1:]]
    wrong: list[str] = []
    printed = [row for row in rows if row[9] == "pdf-text-layer" and int(row[2]) < 40]
    for name, _, _, lang, *_ in printed:
        found = language_of(text_layer(corpus / name, name, 0).text)
        if found != SAID_OTHERWISE.get(name, lang):
            wrong.append(f"{name}: {found}, not {lang}")
    assert wrong == [] and len(printed) > 20


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("横書き不能な書体も存在する。", "ja"),
        ("新鲜甘草黄酮养分，是扫除肌肤代谢物的", "zh"),
        ("12.30 4711 A7-B9 %", ""),
        ("", ""),
    ],
)
def test_scripts_without_spaces_and_texts_without_words(text: str, lang: str) -> None:
    """Nothing is said of what nobody can tell."""
    assert language_of(text) == lang


def test_a_name_is_no_language(ctx: FakeContext, samples: Path) -> None:
    """The text says what is allowed."""
    check_language("auto")
    with pytest.raises(Fatal, match="lang='english' is no language: give its two letters"):
        read_pages(ctx, samples / "invoice.pdf", lang="english")


def test_the_given_language_is_kept(ctx: FakeContext, samples: Path) -> None:
    """Whoever says it knows better."""
    assert {page.lang for page in read_pages(ctx, samples / "contract.pdf", lang="nl")} == {"nl"}


@pytest.mark.real
def test_a_script_that_the_recogniser_does_not_know_fails_and_says_what_to_set(
    ocr_ctx: FakeContext, samples: Path
) -> None:
    """Rather than text that is none."""
    with pytest.raises(Fatal, match=r"cannot read the script of lang='ar'.*DOCMILL_OCR_MODELS=\{\"ar\": "):
        read_pages(ocr_ctx, samples / "letter.jpg", lang="ar")


def test_a_language_in_the_settings_is_checked_at_start() -> None:
    """Not when the first Arabic page comes."""
    with pytest.raises(ValueError, match="two small letters"):
        Settings.model_validate({"ocr_models": {"arabic": {"name": "arabic_PP-OCRv5_mobile_rec"}}})
