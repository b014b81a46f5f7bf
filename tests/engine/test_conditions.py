"""`when=`: a step that is not wanted is skipped, what follows gets None, and joins go on."""

import json

import pytest

from orchestrator.calls import Done
from orchestrator.errors import PipelineError
from orchestrator.graph import pipeline
from tests.conftest import MakeEngine
from tests.support.engine import Engine, Hand
from tests.support.flows import file, gather, is_invoice, is_long, look, loud, office, optional, pay, shouted, words_of


def states(engine: Engine, document: str) -> dict[str, str]:
    head = engine.head(document)
    return {name.removesuffix(".state"): value for name, value in head.items() if name.endswith(".state")}


def complete(engine: Engine, slot: Hand, value: str, *unwanted: str) -> None:
    job = slot.take()
    done = Done(job, json.dumps(value).encode(), unwanted=unwanted)
    assert engine.transport.send(slot.calls.complete([done], 0)).verdicts == ["done"]


def test_a_step_whose_condition_holds_runs(make_engine: MakeEngine) -> None:
    engine = make_engine(office)
    document, slot = engine.submit(office, text="a"), engine.slot()
    complete(engine, slot, "invoice")
    assert slot.work_off() == ["pay", "file"]
    assert set(states(engine, document).values()) == {"done"}


def test_one_whose_condition_does_not_is_skipped_and_the_join_goes_on(make_engine: MakeEngine) -> None:
    engine = make_engine(office)
    document, slot = engine.submit(office, text="a"), engine.slot()
    complete(engine, slot, "letter", "pay")
    assert slot.work_off() == ["file"]
    assert states(engine, document) == {"look": "done", "pay": "skipped", "file": "done"}
    assert engine.head(document)["status"] == "succeeded"


def test_a_whole_fan_out_is_skipped(make_engine: MakeEngine) -> None:
    engine = make_engine(shouted)
    document, slot = engine.submit(shouted, text="a"), engine.slot()
    job = slot.take()
    done = Done(job, length=1, items=[b'"a"'], unwanted=["loud"])
    engine.transport.send(slot.calls.complete([done], 0))
    assert slot.work_off() == ["gather"]
    assert states(engine, document)["loud"] == "skipped"


@pytest.mark.parametrize(("first", "second"), [(True, False), (False, True), (False, False)])
def test_parameters_may_decide_from_the_first_step_on(make_engine: MakeEngine, first: bool, second: bool) -> None:
    engine = make_engine(optional)
    document = engine.submit(optional, text="a", first=first, second=second)
    done = engine.slot().work_off()
    assert done == [step for step, wanted in (("look", first), ("file", second)) if wanted]
    assert engine.head(document)["status"] == "succeeded"


def test_a_delayed_first_step_is_left_out_when_its_time_comes(make_engine: MakeEngine) -> None:
    engine = make_engine(optional)
    document = engine.submit(optional, text="a", first=False, delay=60)
    assert engine.slot().claim().word == "none", "what follows waits for the same time"
    engine.shift("delayed", 61_000)
    engine.sweep()
    assert engine.slot("w/1").work_off() == ["file"]
    assert states(engine, document)["look"] == "skipped"


def test_a_retry_asks_again_only_where_the_value_is_new(make_engine: MakeEngine) -> None:
    engine = make_engine(office)
    document, slot = engine.submit(office, text="a"), engine.slot()
    complete(engine, slot, "letter", "pay")
    slot.fail(slot.take(), "fatal")
    assert engine.transport.send(engine.documents.retry([(document, 0)], "")) == ["revived"]
    assert slot.work_off() == ["file"], "what was left out is not missing"
    assert engine.transport.send(engine.documents.retry([(document, 1)], "", "look")) == ["revived"]
    complete(engine, slot, "invoice")
    assert slot.work_off() == ["pay", "file"]


def test_of_what_succeeded_with_a_step_left_out_nothing_is_missing(make_engine: MakeEngine) -> None:
    engine = make_engine(office)
    document, slot = engine.submit(office, text="a"), engine.slot()
    complete(engine, slot, "letter", "pay")
    slot.work_off()
    assert engine.transport.send(engine.documents.retry([(document, 0)], "")) == ["complete"]


def test_a_condition_without_a_value_leaves_its_step_out(make_engine: MakeEngine) -> None:
    @pipeline()
    def office_of_two(text: str, first: bool) -> str | None:
        kind = look.only(lambda first: first, first)(text)
        return file(text, look.only(is_invoice, kind)(text))

    engine = make_engine(office_of_two)
    document = engine.submit(office_of_two, text="a", first=False)
    assert engine.slot().work_off() == ["file"]
    assert states(engine, document) == {"look": "skipped", "look_2": "skipped", "file": "done"}


def test_what_cannot_be_meant_is_said_at_definition() -> None:
    with pytest.raises(PipelineError, match="wants str for 'text', but 'pay' gives"):

        @pipeline()
        def _unprepared(text: str) -> str | None:  # pyright: ignore[reportUnusedFunction]
            return look(pay(look(text)))

    with pytest.raises(PipelineError, match="one for each item"):

        @pipeline()
        def _many(text: str) -> str | None:  # pyright: ignore[reportUnusedFunction]
            return gather.only(is_long, loud.map(words_of(text)))(None)

    with pytest.raises(PipelineError, match="takes list"):

        @pipeline()
        def _other(text: str) -> str | None:  # pyright: ignore[reportUnusedFunction]
            return look.only(is_long, look(text))(text)

    with pytest.raises(PipelineError, match="has a condition of its own"):

        @pipeline()
        def _twice(text: str) -> str | None:  # pyright: ignore[reportUnusedFunction]
            return pay.only(is_invoice, text)(text)
