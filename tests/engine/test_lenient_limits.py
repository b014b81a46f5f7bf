"""Limits that pass over a fan-out whose failures are allowed, and over one that is held."""

import pytest

from orchestrator import Partial, pipeline, step
from tests.conftest import MakeEngine
from tests.engine.test_deadlines import words


@step(wait_limit=30, total_limit=90, retries=5, on_failure=Partial())
def lenient_item(word: str) -> str:
    """An item with limits, that may fail."""
    return word


@step
def all_there(words: list[str | None]) -> str:
    """Its end."""
    return " ".join(word or "?" for word in words)


@pipeline()
def patient_lenient(text: str) -> str:
    """Bounded items that may fail."""
    return all_there(lenient_item.map(words(text)))


@pytest.mark.parametrize("delay", [0.0, 60.0])
def test_an_item_whose_limit_passed_before_its_next_try_has_none(make_engine: MakeEngine, delay: float) -> None:
    engine = make_engine(patient_lenient)
    document, slot = engine.submit(patient_lenient, text="a"), engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    slot.fail(slot.take(), delay=delay)
    engine.server.redis.zadd(engine.keys.named("deadlines"), {f"{document}/lenient_item[0] total": 1})
    engine.sweep()
    assert engine.server.redis.exists(engine.keys.fan(document, "lenient_item", "due")) == 0
    assert engine.server.redis.zcard(engine.keys.named("delayed")) == 0
    assert slot.work_off() == ["lenient_item[1]", "all_there"]
    assert engine.head(document)["status"] == "partial"


def test_what_is_left_in_the_delay_of_a_fan_out_that_is_none_any_more_changes_nothing(make_engine: MakeEngine) -> None:
    engine = make_engine(patient_lenient)
    document, slot = engine.submit(patient_lenient, text="a"), engine.slot()
    engine.server.redis.zadd(engine.keys.named("delayed"), {f"{document}/lenient_item": 1})
    assert engine.sweep().promoted == 1
    slot.complete(slot.take(), ["a"])
    assert slot.work_off() == ["lenient_item[0]", "all_there"]


def test_a_fan_out_that_is_held_does_not_wait_in_its_lane(make_engine: MakeEngine) -> None:
    engine = make_engine(patient_lenient)
    document, slot = engine.submit(patient_lenient, text="a"), engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    engine.transport.send(engine.duties.pause("pipeline", "patient_lenient"))
    assert slot.claim().word == "none"
    engine.age(document, "lenient_item", 31)
    engine.shift("deadlines", 31_000)
    engine.sweep()
    assert engine.head(document)["status"] == "running"
    engine.transport.send(engine.duties.resume("pipeline", "patient_lenient"))
    assert slot.work_off() == ["lenient_item[0]", "lenient_item[1]", "all_there"]
