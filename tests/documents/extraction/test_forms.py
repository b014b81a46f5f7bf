"""How fields are declared: in code, in settings, and what is said of mistakes."""

import datetime
import sys
from collections.abc import Generator
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import msgspec
import pytest

from orchestrator import Currency, Iban, Identifier, form
from orchestrator.errors import PipelineError, UsageError
from orchestrator.forms import FormField, catalogue, form_of
from orchestrator.registry import load_registry
from orchestrator.settings import Settings, load_settings
from orchestrator.settings.extracting import parsed_fields


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """What a test declares is gone after it."""
    monkeypatch.setattr(catalogue, "_declared", {})
    load_settings.cache_clear()
    yield
    load_settings.cache_clear()


def test_a_struct_declares_a_form() -> None:
    """Kind from the type, hint from the description, required where it may not be missing."""

    @form("invoice")
    class Invoice(msgspec.Struct):
        number: Identifier | None
        date: datetime.date
        total: Decimal
        currency: Currency | None
        vendor: Annotated[str | None, msgspec.Meta(description="hint")]
        account: Iban | None = None
        pages: int = 1

    assert form_of("invoice", {}) == (
        FormField("number", "identifier"),
        FormField("date", "date", required=True),
        FormField("total", "amount", required=True),
        FormField("currency", "currency"),
        FormField("vendor", "text", "hint"),
        FormField("account", "iban"),
        FormField("pages", "number"),
    )
    assert Invoice.__struct_fields__[0] == "number", "the Struct is as it was"


def test_settings_win_over_code_and_code_over_what_is_built_in() -> None:
    """Each for its category only."""

    @form("receipt")
    class Receipt(msgspec.Struct):
        shop: str

    assert Receipt and form_of("receipt", {}) == (FormField("shop", required=True),)
    mine = parsed_fields('{"receipt": [{"name": "till", "kind": "identifier", "hint": "Kasse", "required": true}]}')
    assert form_of("receipt", mine) == (FormField("till", "identifier", "Kasse", True),)
    assert [one.name for one in form_of("invoice", mine)][:3] == ["vendor", "customer", "number"]
    assert [one.name for one in form_of("poem", mine)] == ["title", "organisation", "date"]


def test_all_mistakes_of_a_struct_are_told_together() -> None:
    """In words."""
    with pytest.raises(
        PipelineError, match=r"(?s)form Bad of 'invoice'.*lines: list is no kind of field.*raw: bytes is no kind"
    ):

        @form("invoice")
        class Bad(msgspec.Struct):  # pyright: ignore[reportUnusedClass]
            lines: list[int]
            raw: bytes | None
            good: str


def test_fields_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`@` and its path."""
    (tmp_path / "fields.json").write_text('{"invoice": [{"name": "total", "kind": "amount"}]}')
    monkeypatch.setenv("DOCMILL_FIELDS", f"@{tmp_path / 'fields.json'}")
    assert load_settings().fields == {"invoice": (FormField("total", "amount"),)}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('{"a": [{"name": "x y", "kind": "amoun"}, {"kind": "date"}, {"name": "q"}, {"name": "q"}], "b": []}',
         r"(?s)a, 'x y' is no name.*no kind 'amoun': use one of text, date"
         r".*field 2: .*`name`.*q: declared twice.*b: it has no fields"),
        ('{"a": [{"name": "q", "type": "date"}]}', "a, field 1: .*unknown field `type`"),
        ('{"a": "x"}', r'Expected `array`.*write \{"invoice"'),
        ("no json", r'write \{"invoice"'),
        ("@nowhere.json", "nowhere.json cannot be read"),
    ],
)  # fmt: skip
def test_all_mistakes_of_the_setting_are_told_at_start(given: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Together with those of other settings."""
    monkeypatch.setenv("DOCMILL_FIELDS", given)
    monkeypatch.setenv("DOCMILL_EXTRACT_BY", "luck")
    with pytest.raises(UsageError, match=told) as raised:
        load_settings()
    assert "DOCMILL_FIELDS" in str(raised.value) and "DOCMILL_EXTRACT_BY" in str(raised.value)


def test_a_module_of_forms_is_loaded_at_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From where docmill is started; what cannot be loaded is named."""
    (tmp_path / "forms_of_mine.py").write_text(
        "import msgspec\nfrom orchestrator import form\n@form('permit')\nclass Permit(msgspec.Struct):\n    holder: str\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", ["", str(tmp_path), *sys.path])
    load_registry(Settings(forms="forms_of_mine", pipelines=()))  # pyright: ignore[reportArgumentType]
    assert form_of("permit", {}) == (FormField("holder", required=True),)
    with pytest.raises(PipelineError, match=r"(?s)'nowhere_at_all'.*'neither_here'"):
        load_registry(Settings(forms="nowhere_at_all,neither_here", pipelines=()))  # pyright: ignore[reportArgumentType]
