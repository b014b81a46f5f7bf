"""What the catalogue knows, and how a budget is written."""

import pytest
from pydantic import ValidationError

from orchestrator.budget import parse_budget, readable_bytes
from orchestrator.errors import UsageError
from orchestrator.models import ModelInfo, catalogue, loader_of, model, model_of
from orchestrator.settings import Settings, load_settings

CARD, HOST = 80_000_000_000, 64_000_000_000


def test_a_model_has_a_name_alone_or_all_that_there_is_to_say() -> None:
    @model("catalogue-plain")
    def plain(_: Settings) -> int:
        return 1

    @model("catalogue-full", bytes=5, runtime="torch", pin=True, preload=True)
    def full(_: Settings) -> int:
        return 2

    assert model_of("catalogue-plain") == ModelInfo("catalogue-plain", plain)
    assert model_of("catalogue-full") == ModelInfo("catalogue-full", full, 5, "torch", True, True)
    assert loader_of("catalogue-full") is full
    assert {"catalogue-plain", "catalogue-full"} <= {info.name for info in catalogue()}


def test_an_unknown_model_is_told_with_those_there_are() -> None:
    model("catalogue-known")(lambda _: None)
    with pytest.raises(UsageError, match=r"no model 'none-such'.*catalogue-known"):
        model_of("none-such")


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(UsageError, match="leave it out to have it measured"):
        model("catalogue-negative", bytes=-1)


@pytest.mark.parametrize(
    ("text", "on_a_card", "without"),
    [
        ("", 72_000_000_000, None),
        ("80%", 64_000_000_000, 51_200_000_000),
        ("12GB", 12_000_000_000, 12_000_000_000),
        ("512MiB", 536_870_912, 536_870_912),
        (" 1.5 GB ", 1_500_000_000, 1_500_000_000),
    ],
)
def test_budgets(text: str, on_a_card: int, without: int | None) -> None:
    assert parse_budget(text).limit(CARD, HOST) == on_a_card
    assert parse_budget(text).limit(None, HOST) == without


@pytest.mark.parametrize("text", ["0%", "101%", "-1%", "nan%", "inf%", "%", "0", "-5GB", "much", "12 parsecs"])
def test_what_is_no_budget_is_refused_with_how_one_is_written(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no budget: write a share \(80%\) or a size"):
        parse_budget(text)
    with pytest.raises(ValidationError, match="is no budget"):
        Settings(vram_budget=text)


def test_a_wrong_budget_is_told_at_the_start_by_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCMILL_VRAM_BUDGET", "lots")
    load_settings.cache_clear()
    try:
        with pytest.raises(UsageError, match=r"DOCMILL_VRAM_BUDGET: .*'lots' is no budget"):
            load_settings()
    finally:
        load_settings.cache_clear()


def test_bytes_for_people() -> None:
    assert [readable_bytes(count) for count in (0, 999, 1_200_000_000)] == ["0 B", "999 B", "1.2 GB"]
