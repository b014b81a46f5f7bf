"""Retry: an ended document runs again, but only what is missing, and what was made of it."""

import pytest

from orchestrator.graph import Pipeline
from tests.conftest import MakeEngine
from tests.promises.test_11_memory_is_bounded import left_behind
from tests.support.engine import Engine, Hand
from tests.support.lenient import scanning, two_maps, with_extras
from tests.support.pipelines import chain, shouting


def retry(engine: Engine, document: str, start: str = "", times: int = 0) -> str:
    """What the script says."""
    (word,) = engine.transport.send(engine.documents.retry([(document, times)], "tried again", start))
    return word


def words_of(job: object) -> object:
    """Outputs for `shouting`."""
    return (
        ["a", "b", "c"] if getattr(job, "step", "") in {"split", "cut"} else getattr(job, "job", "").partition("/")[2]
    )


def failed_at(engine: Engine, of: Pipeline, step: str) -> tuple[str, Hand]:
    """A document that failed in one step."""
    document, slot = engine.submit(of, text="a"), engine.slot()
    while (job := slot.take()).step != step:
        slot.complete(job, words_of(job))
    slot.fail(job, "fatal")
    slot.work_off()
    assert engine.head(document)["status"] == "failed"
    return document, slot


def test_what_is_done_is_not_done_again(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document, slot = failed_at(engine, chain, "three")
    assert retry(engine, document) == "revived"
    head = engine.head(document)
    assert (head["status"], head["three.state"], head["four.state"]) == ("running", "ready", "waiting")
    assert not head.keys() & {"error", "finished", "three.error"}
    assert slot.work_off() == ["three", "four"]
    assert engine.head(document)["status"] == "succeeded"


def test_sent_again_it_changes_nothing(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document, slot = failed_at(engine, chain, "three")
    assert [retry(engine, document), retry(engine, document)] == ["revived", "repeated"]
    slot.work_off()
    assert retry(engine, document) == "repeated", "it has ended meanwhile, and is not revived by an old call"
    assert retry(engine, document, times=1) == "complete"
    assert retry(engine, "0-1nosuch") == "unknown"


def test_a_document_that_runs_is_left_alone(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    assert retry(engine, failed_at(engine, chain, "one")[0], "nosuch") == "no-step"
    assert retry(engine, engine.submit(chain, text="a")) == "queued"


def test_attempts_begin_anew_and_the_fence_goes_on(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document, slot = engine.submit(chain, text="a"), engine.slot()
    last = slot.take()
    for _ in range(2):
        slot.fail(last)
        last = slot.take()
    slot.fail(last)
    retry(engine, document)
    job = slot.take()
    assert (job.attempt, job.delivery) == (1, 1)
    assert int(job.token) > int(last.token)
    assert slot.complete(last).verdicts == ["stale"]


@pytest.mark.parametrize("start", ["one", "two", "four"])
def test_from_a_step_on_all_runs_again(make_engine: MakeEngine, start: str) -> None:
    engine = make_engine(chain)
    document, slot = engine.submit(chain, text="a"), engine.slot()
    names = slot.work_off()
    assert retry(engine, document) == "complete", "nothing is missing"
    assert retry(engine, document, start) == "revived"
    assert slot.work_off() == names[names.index(start) :]
    assert engine.head(document)["status"] == "succeeded"


def test_of_a_fan_out_only_what_is_missing_runs(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document, slot = engine.submit(shouting, text="a"), engine.slot()
    slot.complete(slot.take(), ["a", "b", "c", "d"])
    jobs = [slot.take() for _ in range(3)]
    slot.complete(jobs[1], "B")
    slot.fail(jobs[0], delay=60)
    slot.fail(jobs[2], "fatal")
    slot.work_off()
    assert retry(engine, document) == "revived"
    assert slot.work_off(words_of)[:3] == ["shout[0]", "shout[2]", "shout[3]"]
    head = engine.head(document)
    assert (head["status"], head["shout.state"]) == ("succeeded", "done")
    items = engine.transport.send(engine.documents.items(document, "shout", range(4)))
    assert items == [b'"shout[0]"', b'"B"', b'"shout[2]"', b'"shout[3]"']


def test_of_a_partial_document_the_failed_items_run_and_what_was_made_of_them(make_engine: MakeEngine) -> None:
    engine = make_engine(scanning)
    document, slot = engine.submit(scanning, text="a"), engine.slot()
    slot.complete(slot.take(), ["a", "b", "c"])
    first = slot.take()
    slot.fail(slot.take(), "fatal")
    slot.complete(first)
    slot.complete(slot.take())
    gather = slot.take()
    engine.transport.send(slot.calls.flag(gather, "needs_review", "a word is missing"))
    slot.complete(gather)
    slot.work_off()
    assert engine.head(document)["status"] == "partial"
    assert retry(engine, document) == "revived"
    assert slot.work_off() == ["scan[1]", "gather"]
    head = engine.head(document)
    assert head["status"] == "succeeded"
    assert not head.keys() & {"scan.failed", "partly", "flags"}
    assert engine.transport.send(engine.documents.failures(document, "scan")) == {}
    assert engine.transport.send(engine.documents.by_status("needs_review", 5)) == []


def test_of_a_map_over_a_map_the_same(make_engine: MakeEngine) -> None:
    engine = make_engine(two_maps)
    document, slot = engine.submit(two_maps, text="a"), engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    slot.fail(slot.take(), "fatal")
    assert slot.work_off() == ["scan[1]", "decorate[1]", "gather"]
    assert retry(engine, document) == "revived"
    assert slot.work_off() == ["scan[0]", "decorate[0]", "gather"]
    assert engine.head(document)["status"] == "succeeded"


def test_a_whole_fan_out_runs_again_over_a_new_list(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document, slot = engine.submit(shouting, text="a"), engine.slot()
    slot.work_off(words_of)
    assert retry(engine, document, "split") == "revived"
    slot.complete(slot.take(), ["x"])
    assert slot.work_off(words_of)[:2] == ["shout[0]", "join"]
    assert engine.head(document)["shout.items"] == "1"


def test_skipped_steps_are_missing_too(make_engine: MakeEngine) -> None:
    engine = make_engine(with_extras)
    document, slot = engine.submit(with_extras, text="good"), engine.slot()
    jobs = {job.step: job for job in (slot.take(), slot.take())}
    slot.fail(jobs["extra"], "fatal")
    slot.complete(jobs["wanted"])
    slot.work_off()
    assert retry(engine, document) == "revived"
    assert slot.work_off() == ["extra", "end"]


def test_cancelled_before_it_began_it_is_queued_again(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document, slot = engine.submit(chain, text="a"), engine.slot()
    engine.transport.send(engine.documents.cancel([document], "a mistake"))
    assert retry(engine, document) == "revived"
    assert engine.head(document)["status"] == "queued"
    assert slot.work_off() == ["one", "two", "three", "four"]


def test_what_is_revived_is_kept_and_told_at_its_next_end(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document, slot = failed_at(engine, shouting, "join")
    retry(engine, document)
    redis, key = engine.server.redis, engine.keys.doc(document)
    assert redis.ttl(key) == -1
    assert redis.zscore(engine.keys.named("retention"), document) is None
    slot.work_off(words_of)
    assert redis.ttl(key) > 0
    assert engine.head(f"{document}.finish1")["status"] == "succeeded", "on_finish runs for each end"
    assert left_behind(engine) == set()


def test_a_document_that_is_being_purged_is_not_revived(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document, _ = failed_at(engine, chain, "one")
    engine.shift("retention", 40 * 86_400_000)
    engine.transport.send(engine.duties.purge_take())
    assert retry(engine, document) == "unknown"
