"""Promise 10: a failed branch has a policy; whatever fails in whatever order, the document ends, and says how."""

import itertools

import pytest

from orchestrator import Fatal, Partial, pipeline, step
from orchestrator.errors import PipelineError
from tests.conftest import MakeEngine
from tests.support.engine import Engine, Hand
from tests.support.lenient import cut, scan, scanning, strict_scanning, two_maps, with_extras


def begun(engine: Engine, of: str, words: list[str]) -> tuple[str, Hand]:
    """A document whose list is made."""
    (chosen,) = (p for p in engine.pipelines.values() if p.name == of)
    document, slot = engine.submit(chosen, text="a"), engine.slot()
    slot.complete(slot.take(), words)
    return document, slot


@pytest.mark.parametrize("bad", [set[int](), {0}, {2}, {0, 1}, {0, 1, 2}])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_join_runs_once_whatever_fails_in_whatever_order(
    make_engine: MakeEngine, bad: set[int], order: tuple[int, ...]
) -> None:
    engine = make_engine(scanning)
    document, slot = begun(engine, "scanning", ["a", "b", "c"])
    items = [slot.take() for _ in range(3)]
    for index in order:
        assert engine.head(document)["gather.state"] == "waiting"
        if index in bad:
            slot.fail(items[index], "fatal")
        else:
            slot.complete(items[index], f"item {index}")
    assert engine.head(document)["scan.state"] == "done"
    assert slot.work_off() == ["gather"]
    head = engine.head(document)
    assert head["status"] == ("partial" if bad else "succeeded")
    assert head.get("scan.failed") == (str(len(bad)) if bad else None)
    told = engine.transport.send(engine.documents.failures(document, "scan"))
    assert told == dict.fromkeys(sorted(bad), "ValueError: broken")


def test_beyond_the_bound_the_document_fails(make_engine: MakeEngine) -> None:
    engine = make_engine(strict_scanning)
    document, slot = begun(engine, "strict_scanning", ["a", "b", "c"])
    slot.fail(slot.take(), "fatal")
    assert engine.head(document)["status"] == "running"
    slot.fail(slot.take(), "fatal")
    head = engine.head(document)
    assert (head["status"], head["gather.state"]) == ("failed", "cancelled")
    assert slot.claim().word == "none", "the third item is not run"


def test_a_failed_item_uses_up_its_retries_first(make_engine: MakeEngine) -> None:
    engine = make_engine(scanning)
    document, slot = begun(engine, "scanning", ["a"])
    slot.fail(slot.take())
    assert slot.take().attempt == 2
    slot = engine.slot(incarnation="i2")
    assert engine.head(document)["status"] == "running"


@pytest.mark.parametrize("cause", ["limit", "died"])
def test_crashes_and_limits_are_failures_too(make_engine: MakeEngine, cause: str) -> None:
    engine = make_engine(scanning)
    document, slot = begun(engine, "scanning", ["a", "b"])
    incarnations = iter(("i2", "i3", "i4"))
    while (job := slot.take()).index == 0:
        slot.crash(cause)
        slot = engine.slot(incarnation=next(incarnations))
    slot.complete(job)
    assert slot.work_off() == ["gather"]
    assert engine.head(document)["status"] == "partial"
    why = engine.transport.send(engine.documents.failures(document, "scan"))[0]
    assert why.endswith(": SIGKILL")
    assert ("HardLimit" if cause == "limit" else "Poison") in why


@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_what_failed_in_a_map_is_missing_in_the_map_over_it(make_engine: MakeEngine, when: str) -> None:
    engine = make_engine(two_maps)
    document, slot = begun(engine, "two_maps", ["a", "b"])
    first, second = slot.take(), slot.take()
    if when == "before":
        slot.fail(first, "fatal")
        slot.complete(second, "B")
    else:
        slot.complete(second, "B")
        if when == "after":
            slot.complete(slot.take(), "B!")
        slot.fail(first, "fatal")
    assert slot.work_off() == (["gather"] if when == "after" else ["decorate[1]", "gather"])
    head = engine.head(document)
    assert (head["status"], head["decorate.state"]) == ("partial", "done")


def test_where_all_failed_the_map_over_it_ends_at_once(make_engine: MakeEngine) -> None:
    engine = make_engine(two_maps)
    document, slot = begun(engine, "two_maps", ["a", "b"])
    for job in (slot.take(), slot.take()):
        slot.fail(job, "fatal")
    assert slot.work_off() == ["gather"]
    assert engine.head(document)["status"] == "partial"


@pytest.mark.parametrize(("text", "status", "state"), [("good", "succeeded", "done"), ("bad", "partial", "failed")])
def test_a_plain_step_that_may_fail_gives_none(make_engine: MakeEngine, text: str, status: str, state: str) -> None:
    engine = make_engine(with_extras)
    document, slot = engine.submit(with_extras, text=text), engine.slot()
    for _ in range(2):
        job = slot.take()
        if job.step == "extra" or text == "bad":
            slot.fail(job, "fatal")
        else:
            slot.complete(job)
    end = slot.take()
    assert None in end.needs
    slot.complete(end)
    head = engine.head(document)
    assert (head["status"], head["extra.state"], head["wanted.state"]) == (status, "skipped", state)


def test_a_tolerated_failure_sent_again_changes_nothing(make_engine: MakeEngine) -> None:
    engine = make_engine(scanning)
    document, slot = begun(engine, "scanning", ["a", "b"])
    from orchestrator.calls import Failed

    call = slot.calls.fail([Failed(slot.take(), "fatal", 0.0, "Fatal", "broken")], 0)
    assert slot.send(call).word == "ok"
    assert slot.send(call).word == "repeated"
    assert engine.head(document)["scan.failed"] == "1"


def test_who_follows_must_be_ready_for_none() -> None:
    @step
    def together(words: list[str]) -> str:
        raise Fatal(str(words))

    with pytest.raises(PipelineError, match="wants list\\[str\\]"):

        @pipeline()
        def careless(text: str) -> str:  # pyright: ignore[reportUnusedFunction]
            return together(scan.map(cut(text)))

    with pytest.raises(PipelineError, match="max_failed must be 1"):
        step(on_failure=Partial(max_failed=0))(together.function)
    with pytest.raises(PipelineError, match="'fail', 'skip' or Partial"):
        step(on_failure="ignore")(together.function)  # pyright: ignore
