"""What is configured is used, what is missing is started, and only what somebody needs."""

import importlib.util
from pathlib import Path

import pytest

from orchestrator import pipeline, step
from orchestrator.embedded.folder import Folder
from orchestrator.embedded.llm import LLMServer, ensure_llm
from orchestrator.embedded.parts import Parts, environment, needs_llm
from orchestrator.errors import MissingPart
from orchestrator.registry import Registry
from orchestrator.settings import Settings


@step(lane="cpu")
def plain(text: str) -> str:
    """Needs nothing."""
    return text


@step(lane="llm", model="llm")
async def asks(text: str) -> str:
    """Needs the LLM."""
    return text


@pipeline()
def simple(text: str) -> str:
    """Without the LLM."""
    return plain(text)


@pipeline()
def clever(text: str) -> str:
    """With it."""
    return asks(plain(text))


def test_the_llm_is_needed_where_a_step_names_it() -> None:
    """By its model."""
    assert not needs_llm(Registry([simple]))
    assert needs_llm(Registry([simple, clever]))


def test_no_llm_server_is_started_that_nobody_asks_for(data_dir: Path) -> None:
    """Nor are its weights fetched."""
    assert Parts(Settings(data_dir=data_dir)).ensure_llm(Registry([simple])) is None


def test_a_configured_llm_server_is_used_instead(data_dir: Path) -> None:
    """As it was given."""
    settings = Settings(data_dir=data_dir, llm_url="http://gpu1:8000/v1")
    assert ensure_llm(settings) == "http://gpu1:8000/v1"
    assert Parts(settings).ensure_llm(Registry([clever])) == "http://gpu1:8000/v1"


def test_a_missing_llm_package_is_named(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """With both ways out."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    with pytest.raises(MissingPart, match=r"docmill\[embedded\].*DOCMILL_LLM_URL"):
        LLMServer(folder).ensure("smollm2")


def test_programs_are_told_the_resolved_addresses(data_dir: Path) -> None:
    """By their environment."""
    parts = Parts(Settings(data_dir=data_dir, llm_model="m"))
    told = environment(parts.resolved("unix:///s", "http://127.0.0.1:1/v1"))
    assert told["DOCMILL_REDIS_URL"] == "unix:///s"
    assert told["DOCMILL_LLM_URL"] == "http://127.0.0.1:1/v1"
    assert told["DOCMILL_LLM_MODEL"] == "m"
    assert told["DOCMILL_DATA_DIR"] == str(data_dir)


def test_down_is_remembered_until_someone_begins_again(data_dir: Path) -> None:
    """So that a watcher does not start again what its user has just ended."""
    parts = Parts(Settings(redis_url=None, data_dir=data_dir))
    parts.ensure_redis()
    assert dict(parts.stop(patience=5)) == {"worker": False, "api": False, "llm": False, "valkey": True}
    assert parts.were_stopped
    parts.begin()
    assert not parts.were_stopped
