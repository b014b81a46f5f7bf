"""What random programs (tests/properties) have found, each as short as it can be said."""

import pytest

from orchestrator.calls import Failed
from orchestrator.graph import Concurrency, pipeline, step
from tests.conftest import MakeEngine
from tests.promises.test_11_memory_is_bounded import left_behind
from tests.support.flows import forgotten, limited, loud, optional, words_of
from tests.support.pipelines import shouting


@step(max_ahead=1)
def first(text: str) -> str:
    """May not run ahead of what follows it."""
    return text


@step
def second(text: str) -> str:
    """In the same lane."""
    return text


@pipeline()
def own_lane(text: str) -> str:
    """What waits in the lane of `second` is `first` itself."""
    return second(first(text))


@step(concurrency=Concurrency(1))
def by_itself(text: str) -> str:
    """One at a time."""
    return text


@pipeline()
def alone(text: str) -> str:
    """The same."""
    return by_itself(text)


def wanted(flag: bool) -> bool:
    """The condition of a first step."""
    return flag


@step
def beside(text: str | None, other: str) -> str:
    """Another that follows it."""
    return other


@step
def after(text: str | None) -> str:
    """One that follows it."""
    return text or ""


@pipeline(max_started=1)
def without_first(text: str, flag: bool) -> str:
    """Two steps follow one that may be left out."""
    made = second.only(wanted, flag)(text)
    after(made)
    return beside(made, text)


@pipeline()
def half_mapped(text: str, flag: bool) -> list[str | None] | None:
    """A map over a map, with a condition."""
    return second.only(wanted, flag).map(loud.map(words_of(text)))


def test_a_feeder_does_not_wait_for_itself(make_engine: MakeEngine) -> None:
    engine = make_engine(own_lane)
    engine.submit(own_lane, text="a")
    engine.submit(own_lane, text="b")
    assert engine.slot().work_off() == ["first", "second"] * 2


def test_a_document_that_ends_as_it_is_made_has_an_end_of_its_keys(make_engine: MakeEngine) -> None:
    engine = make_engine(optional)
    document = engine.submit(optional, text="a", first=False, second=False)
    assert engine.head(document)["status"] == "succeeded"
    assert left_behind(engine) == set()


def test_a_slot_does_not_hold_what_it_was_never_told_of(make_engine: MakeEngine) -> None:
    engine = make_engine(limited)
    document, slot = engine.submit(limited, text="a"), engine.slot()
    claim = slot.calls.claim()
    slot.send(claim)  # its answer is lost
    engine.transport.send(engine.documents.cancel([document], ""))
    assert (slot.send(claim).word, slot.send(claim).jobs) == ("repeated", [])
    (renewed,) = slot.renew().slots
    assert renewed.jobs == [], "else its supervisor would end it for a job that it does not run"
    assert engine.server.redis.exists(engine.keys.limit("call"), engine.keys.named("leases")) == 0
    engine.submit(limited, text="b")
    assert slot.take().document != document


def test_what_a_late_worker_adds_to_the_log_goes_with_its_document(make_engine: MakeEngine) -> None:
    engine = make_engine(forgotten)
    engine.submit(forgotten, text="a")
    late, slot = engine.slot(), engine.slot("w2/0")
    job = late.take()
    engine.shift("leases", 31_000)
    engine.sweep()
    slot.complete(slot.take(), [])
    slot.work_off()
    assert late.complete(job).verdicts == ["ended"]
    assert left_behind(engine) == set()


def test_a_run_that_nobody_wants_holds_its_limit_until_its_slot_has_ended_it(make_engine: MakeEngine) -> None:
    engine = make_engine(alone)
    document, slot = engine.submit(alone, text="a"), engine.slot()
    job = slot.take()
    engine.submit(alone, text="b")
    engine.transport.send(engine.documents.cancel([document], ""))
    assert slot.renew().slots[0].jobs[0].word == "ended"
    engine.sweep()
    other = engine.slot("w2/0")
    assert not other.claim().jobs, "the first is still running"
    slot.complete(job)
    assert other.take()


def test_a_late_worker_does_not_give_back_the_limit_of_another(make_engine: MakeEngine) -> None:
    engine = make_engine(alone)
    document, late, slot = engine.submit(alone, text="a"), engine.slot(), engine.slot("w2/0")
    lost = late.take()
    engine.shift("leases", 31_000)
    engine.sweep()
    job = slot.take()
    engine.transport.send(engine.documents.cancel([document], ""))
    engine.submit(alone, text="b")
    assert late.complete(lost).verdicts == ["ended"]
    assert not late.claim().jobs, "the second is still running"
    slot.complete(job)
    assert late.take()


def test_all_of_a_document_begins_with_it_also_where_its_first_step_is_left_out(make_engine: MakeEngine) -> None:
    engine = make_engine(without_first)
    documents = [engine.submit(without_first, text="a", flag=False) for _ in range(2)]
    slot = engine.slot()
    jobs = slot.claim(2).jobs
    assert [job.document for job in jobs] == documents[:1] * 2
    assert not engine.slot("w2/0").claim().jobs, "only one may be under way"
    for job in jobs:
        slot.complete(job)
    assert sorted(slot.work_off()) == ["after", "beside"]


def test_a_map_over_a_map_is_left_out_only_when_that_has_ended(make_engine: MakeEngine) -> None:
    engine = make_engine(half_mapped)
    document, slot = engine.submit(half_mapped, text="a", flag=False), engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    assert slot.work_off() == ["loud[0]", "loud[1]"]
    head = engine.head(document)
    assert (head["status"], head["loud.state"], head["second.state"]) == ("succeeded", "done", "skipped")


@pytest.mark.parametrize("start", ["", "look"])
def test_a_retry_leaves_out_what_its_parameters_do(make_engine: MakeEngine, start: str) -> None:
    engine = make_engine(optional)
    document, slot = engine.submit(optional, text="a", first=False, delay=60), engine.slot()
    engine.transport.send(engine.documents.cancel([document], ""))
    assert engine.transport.send(engine.documents.retry([(document, 0)], "", start)) == ["revived"]
    assert slot.work_off() == ["file"]


def test_what_was_forgotten_is_not_tried_again_without_its_input(make_engine: MakeEngine) -> None:
    engine = make_engine(forgotten)
    document, slot = engine.submit(forgotten, text="a"), engine.slot()
    slot.complete(slot.take(), [])
    slot.work_off()
    assert engine.transport.send(engine.documents.retry([(document, 0)], "", "words_of")) == ["unknown"]


def test_a_document_that_is_revived_waits_for_its_former_run_and_no_longer(make_engine: MakeEngine) -> None:
    engine = make_engine(alone)
    document, slot, other = engine.submit(alone, text="a"), engine.slot(), engine.slot("w2/0")
    job = slot.take()
    engine.transport.send(engine.documents.cancel([document], ""))
    engine.transport.send(engine.documents.retry([(document, 0)], ""))
    assert not other.claim().jobs, "the cancelled run has not ended yet"
    assert slot.complete(job).verdicts == ["stale"]
    assert other.take().document == document


def test_what_a_call_made_ready_and_then_ended_enters_no_lane(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document, slot = engine.submit(shouting, text="a"), engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    first, second = slot.claim(2).jobs
    told = [Failed(first, "memory", 0.0, "OutOfMemory", ""), Failed(second, "fatal", 0.0, "ValueError", "")]
    slot.send(slot.calls.fail(told, 0))
    assert engine.head(document)["status"] == "failed"
    assert engine.server.redis.keys("*ready:*alone*") == []
