"""Limits that no slot can keep: in the lane, over all runs, for the whole document."""

from orchestrator import pipeline, step
from tests.conftest import MakeEngine
from tests.support.pipelines import chain


@step(wait_limit=30, total_limit=90, retries=5)
def bounded(text: str) -> str:
    """A step with both."""
    return text


@step(wait_limit=30, total_limit=90, retries=5)
def bounded_item(word: str) -> str:
    """An item with both."""
    return word


@step
def words(text: str) -> list[str]:
    """A list."""
    return text.split()


@step
def together(words: list[str]) -> str:
    """Its end."""
    return " ".join(words)


@pipeline()
def patient(text: str) -> str:
    """One bounded step."""
    return bounded(text)


@pipeline()
def patient_items(text: str) -> str:
    """Bounded items."""
    return together(bounded_item.map(words(text)))


def test_a_job_that_waits_too_long_in_its_lane_fails(make_engine: MakeEngine) -> None:
    engine = make_engine(patient)
    document = engine.submit(patient, text="a")
    engine.age(document, "bounded", 31)
    engine.shift("deadlines", 31_000)
    engine.sweep()
    assert engine.head(document)["error"] == "bounded: WaitLimit"
    assert "it waited for more than 30 s" in engine.log(document)[0]
    assert engine.slot().claim().word == "none"


def test_one_that_was_claimed_in_time_is_left_alone(make_engine: MakeEngine) -> None:
    engine = make_engine(patient)
    document = engine.submit(patient, text="a")
    slot = engine.slot()
    job = slot.take()
    engine.server.redis.zadd(engine.keys.named("deadlines"), {f"{job.job} wait": 1})
    engine.sweep()
    assert slot.complete(job).verdicts == ["done"]
    assert engine.head(document)["status"] == "succeeded"


def test_the_wait_of_a_retry_counts_anew(make_engine: MakeEngine) -> None:
    engine = make_engine(patient)
    document = engine.submit(patient, text="a")
    slot = engine.slot()
    slot.fail(slot.take())
    engine.server.redis.zadd(engine.keys.named("deadlines"), {f"{document}/bounded wait": 1})
    engine.sweep()
    assert engine.head(document)["bounded.state"] == "ready"
    engine.age(document, "bounded", 31)
    engine.shift("deadlines", 31_000)
    engine.sweep()
    assert engine.head(document)["error"] == "bounded: WaitLimit"


def test_all_runs_together_have_a_limit_too(make_engine: MakeEngine) -> None:
    engine = make_engine(patient)
    document = engine.submit(patient, text="a")
    slot = engine.slot()
    slot.fail(slot.take())
    job = slot.take()
    engine.shift("deadlines", 91_000)
    engine.sweep()
    assert engine.head(document)["error"] == "bounded: TotalLimit"
    assert [held.word for held in slot.renew().slots[0].jobs] == ["ended"], "its supervisor ends what runs"
    assert slot.complete(job).verdicts == ["ended"]


def test_items_have_them_each(make_engine: MakeEngine) -> None:
    engine = make_engine(patient_items)
    first, second = (engine.submit(patient_items, text="a b") for _ in range(2))
    slot = engine.slot()
    for job in slot.claim(want=2).jobs:
        slot.complete(job, ["a", "b"])
    slot.take()
    engine.age(second, "bounded_item", 31)
    for member in engine.server.redis.zrange(engine.keys.named("deadlines"), 0, -1):
        if second in member or "total" in member:
            engine.server.redis.zincrby(engine.keys.named("deadlines"), -91_000, member)
    engine.sweep()
    assert engine.head(first)["error"] == "bounded_item: TotalLimit"
    assert engine.head(second)["error"] == "bounded_item: WaitLimit"


def test_an_item_that_is_done_is_judged_no_more(make_engine: MakeEngine) -> None:
    engine = make_engine(patient_items)
    document = engine.submit(patient_items, text="a b")
    slot = engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    slot.complete(slot.take())
    engine.shift("deadlines", 91_000)
    engine.age(document, "bounded_item", -600)
    engine.sweep()
    assert "error" not in engine.head(document)


def test_a_document_that_has_not_ended_at_its_deadline_fails(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    late, early = engine.submit(chain, text="a", deadline=60.0), engine.submit(chain, text="b", deadline=60.0)
    slot = engine.slot()
    slot.take()
    other = engine.slot("w/1")
    other.complete(other.take(), want=0)
    other.work_off()
    engine.shift("deadlines", 61_000)
    engine.sweep()
    assert engine.head(early)["status"] == "succeeded"
    assert (engine.head(late)["status"], engine.head(late)["error"]) == ("failed", "Deadline")
    assert engine.server.redis.zcard(engine.keys.named("deadlines")) == 0
