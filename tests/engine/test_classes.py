"""Parts of a lane: jobs that must run alone, models, batches, and which of them a claim prefers."""

from orchestrator import Batch, pipeline, step
from orchestrator.calls import Failed, Leased
from tests.conftest import MakeEngine
from tests.support.engine import Engine, Hand
from tests.support.pipelines import chain, shouting


@step(lane="gpu", model="cats")
def see_cats(text: str) -> str:
    """One model."""
    return text


@step(lane="gpu", model="dogs")
def see_dogs(text: str) -> str:
    """Another."""
    return text


@pipeline()
def cats(text: str) -> str:
    """Needs one model."""
    return see_cats(text)


@pipeline()
def dogs(text: str) -> str:
    """Needs the other."""
    return see_dogs(text)


@step(lane="gpu", batch=Batch(4, key="language"))
def guess(texts: list[str], language: str) -> list[str]:
    """Several in one call."""
    return [f"{language}: {text}" for text in texts]


@pipeline()
def guessing(text: str, language: str) -> str:
    """One batched step."""
    return guess(text, language)


def texts(jobs: list[str]) -> list[str]:
    return [job.partition("/")[2] for job in jobs]


def test_suspects_of_a_death_run_alone_and_only_a_death_there_counts(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    first, second = engine.submit(chain, text="a"), engine.submit(chain, text="b")
    slot = engine.slot(words=())
    assert len(slot.claim(want=2).jobs) == 2
    held, jobs = slot.crash()
    assert (held, len(jobs)) == (False, 2)
    assert "suspect: SIGKILL" in engine.log(first)[0]
    assert "one.deaths" not in engine.head(first) | engine.head(second)

    shared = engine.slot("w/1", words=())
    assert shared.claim(want=2).word == "none", "a process of many slots does not take them"
    assert shared.renew(("cpu", "llm")).alone == {"cpu": 2, "llm": 0}, "its supervisor is to start a process for them"
    alone = engine.slot("w/2", lanes=("cpu:alone",))
    job = alone.take()
    alone.crash()
    assert engine.head(job.document)["one.deaths"] == "1"
    alone = engine.slot("w/2", lanes=("cpu:alone",), incarnation="i2")
    for _ in range(2):
        alone.complete(alone.take())
    assert alone.claim().word == "none", "the next steps are nobody's suspects"
    assert shared.work_off() == ["two", "three", "four"] * 2
    assert shared.renew(("cpu",)).alone == {"cpu": 0}


def test_a_suspected_item_runs_alone_and_the_others_go_on(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document = engine.submit(shouting, text="a b c")
    slot = engine.slot(words=())
    slot.complete(slot.take(), ["a", "b", "c"])
    assert [job.index for job in slot.claim(want=2).jobs] == [0, 1]
    slot.crash()
    slot = engine.slot(incarnation="i2", words=())
    assert slot.work_off() == ["shout[2]"]
    alone = engine.slot("w/1", lanes=("gpu:alone",))
    assert sorted(alone.work_off("X")) == ["shout[0]", "shout[1]"]
    slot.work_off()
    assert engine.head(document)["status"] == "succeeded"


def test_too_little_memory_waits_alone_then_wants_a_fresh_process_then_fails(make_engine: MakeEngine) -> None:
    engine = make_engine(guessing)
    document = engine.submit(guessing, text="a", language="en")
    engine.submit(guessing, text="b", language="en")
    slot = engine.slot()
    jobs = slot.claim().jobs
    assert len(jobs) == 2
    run_short(slot, jobs[0])
    slot.complete(jobs[1])
    assert slot.claim().word == "none"
    wait_for_delayed(engine)
    (job,) = slot.claim().jobs
    assert (job.attempt, job.memory) == (1, 1), "no attempt is used up, and the slot knows how often"
    run_short(slot, job)
    wait_for_delayed(engine)
    assert slot.claim().word == "used", "this process is to make place for an unused one"
    assert engine.slot("w/1").claim().word == "none", "and no other process is"
    fresh = engine.slot(incarnation="i2", words=("alone", "fresh"))
    (job,) = fresh.claim().jobs
    assert (job.attempt, job.memory) == (1, 2)
    run_short(fresh, job)
    head = engine.head(document)
    assert (head["status"], head["error"]) == ("failed", "guess: OutOfMemory")
    assert "free 1 GB" in engine.log(document)[-1]


def test_a_kill_for_memory_is_the_same_outcome(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    for incarnation in ("i1", "i2", "i3"):
        slot = engine.slot(incarnation=incarnation, words=("alone", "fresh"))
        job = slot.take()
        assert slot.crash("memory", job.token, delay=60.0)[0]
        wait_for_delayed(engine)
    assert engine.head(document)["error"] == "one: OutOfMemory"
    assert "one.deaths" not in engine.head(document)


def run_short(slot: Hand, job: Leased) -> None:
    """The job finds too little memory."""
    slot.send(slot.calls.fail([Failed(job, "memory", 60.0, "OutOfMemoryError", "free 1 GB of 80 GB")], 0))


def wait_for_delayed(engine: Engine) -> None:
    """Let a minute pass."""
    engine.shift("delayed", 60_000)
    engine.sweep()


def test_a_batch_is_one_claim_of_one_key_and_one_priority(make_engine: MakeEngine) -> None:
    engine = make_engine(guessing)
    for number, (language, priority) in enumerate([("en", 5), ("de", 5), ("en", 9), ("en", 0), ("en", 5), ("en", 5)]):
        engine.submit(guessing, document=f"0-{number}", text="x", language=language, priority=priority)
    slot = engine.slot()
    batches = [slot.claim()]
    while batches[-1].jobs:
        done = [slot.done(job, "x") for job in batches[-1].jobs]
        batches.append(slot.send(slot.calls.complete(done, 1)))
        assert batches[-1].verdicts == ["done"] * len(done)
    taken = [[job.document for job in answer.jobs] for answer in batches]
    assert taken == [["0-2"], ["0-0", "0-4", "0-5"], ["0-1"], ["0-3"], []], "urgent first; one language at a time"
    assert [bool(answer.part) for answer in batches] == [True, True, True, False, False], (
        "more may come, while others live"
    )


def test_a_batch_that_is_not_full_can_be_filled_later(make_engine: MakeEngine) -> None:
    engine = make_engine(guessing)
    engine.submit(guessing, text="a", language="en")
    slot = engine.slot()
    jobs = slot.claim().jobs
    engine.submit(guessing, text="b", language="en")
    engine.submit(guessing, text="c", language="de")
    part = next(
        key.partition("ready:")[2] for key in engine.server.redis.keys("*ready:gpu:*") if _holds(engine, key, "b")
    )
    more = engine.transport.send(slot.calls.claim_more(part, 3)).jobs
    assert [engine.data(job.document)["input"] for job in more] == [b'{"text":"b","language":"en"}']
    assert (
        engine.transport.send(slot.calls.complete([slot.done(job, "x") for job in jobs + more], 0)).verdicts
        == ["done"] * 2
    )


def _holds(engine: Engine, key: str, text: str) -> bool:
    members = [member.partition("/")[0] for member in engine.server.redis.zrange(key, 0, -1)]
    return any(f'"text":"{text}"'.encode() in engine.data(document)["input"] for document in members)


def test_each_job_of_a_batch_ends_by_itself(make_engine: MakeEngine) -> None:
    engine = make_engine(guessing)
    good, bad = (engine.submit(guessing, text=text, language="en") for text in "ab")
    slot = engine.slot()
    jobs = slot.claim().jobs
    slot.complete(jobs[0])
    slot.fail(jobs[1], "fatal")
    assert engine.head(good)["status"] == "succeeded"
    assert engine.head(bad)["status"] == "failed"


def test_a_dead_batch_loses_nothing_and_each_of_its_jobs_runs_alone(make_engine: MakeEngine) -> None:
    engine = make_engine(guessing)
    documents = [engine.submit(guessing, text="a", language="en") for _ in range(3)]
    slot = engine.slot()
    assert len(slot.claim().jobs) == 3
    slot.crash()
    slot = engine.slot(incarnation="i2")
    for _ in documents:
        (job,) = slot.claim().jobs
        slot.complete(job)
    assert {engine.head(document)["status"] for document in documents} == {"succeeded"}


def test_a_loaded_model_is_preferred_inside_one_priority(make_engine: MakeEngine) -> None:
    engine = make_engine(cats, dogs)
    order = _two_kinds(engine)
    slot = engine.slot(words=("resident=dogs", "affinity=30000"))
    assert slot.work_off() == ["see_dogs"] * 3 + ["see_cats"] * 3
    _two_kinds(engine)
    engine.submit(cats, text="urgent", priority=9)
    assert slot.work_off() == ["see_cats"] + ["see_dogs"] * 3 + ["see_cats"] * 3
    plain = engine.slot("w/1", words=("affinity=30000",))
    order = _two_kinds(engine)
    assert plain.work_off() == order


def test_but_not_for_longer_than_the_oldest_may_wait(make_engine: MakeEngine) -> None:
    engine = make_engine(cats, dogs)
    slot = engine.slot(words=("resident=dogs", "affinity=30000"))
    old = engine.submit(cats, text="a")
    engine.submit(dogs, text="b")
    engine.age(old, "see_cats", 31)
    assert slot.work_off() == ["see_cats", "see_dogs"]


def _two_kinds(engine: Engine) -> list[str]:
    for _ in range(3):
        engine.submit(cats, text="a")
        engine.submit(dogs, text="b")
    return ["see_cats", "see_dogs"] * 3


def test_two_runtimes_of_one_card_let_each_other_go_first(make_engine: MakeEngine) -> None:
    engine = make_engine(cats, dogs)
    engine.submit(dogs, text="a")
    engine.submit(cats, text="b")
    torch: Hand = engine.slot(words=("model=cats", "sibling=dogs"))
    paddle: Hand = engine.slot("w/1", words=("model=dogs", "sibling=cats"))
    assert torch.claim().word == "sibling"
    dog = paddle.take()
    assert paddle.complete(dog, want=1).word == "sibling"
    assert torch.take().step == "see_cats"
    assert paddle.claim().word == torch.claim().word == "none"


def test_a_lane_rests_while_its_service_is_down(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    engine.submit(chain, text="b")
    slot = engine.slot()
    slot.fail(slot.take(), "wait", delay=1.0)
    assert slot.claim().word == "paused"
    engine.server.redis.hset(engine.keys.lane("cpu"), "resting", 1)
    assert slot.claim().word == "leased"


def test_a_lane_of_many_keys_still_finds_what_a_slot_did_not_know(make_engine: MakeEngine) -> None:
    """A lane lists 64 classes; only one more batch key than that waits with the lane's other jobs."""
    engine = make_engine(guessing, cats)
    for number in range(70):
        engine.submit(guessing, text="a", language=f"l{number}")
    known = engine.submit(cats, text="a", priority=0)
    engine.server.redis.hdel(engine.keys.lane("gpu"), "nothing")
    stranger = engine.slot("w/9")
    stranger.calls.serve(["alone"])
    for _ in range(12):
        stranger.claim()
    slot = engine.slot()
    done = slot.work_off()
    assert done.count("guess") == 70
    assert engine.head(known)["status"] == "succeeded"
    engine.sweep()
    assert engine.server.redis.hget(engine.keys.lane("gpu"), "classes") is None, "what nothing waits in is forgotten"


def test_only_one_job_tries_after_a_rest_until_one_is_done(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    for _ in range(3):
        engine.submit(chain, text="a")
    slots = [engine.slot(f"w/{n}") for n in range(3)]
    slots[0].fail(slots[0].take(), "wait", delay=60.0)
    engine.server.redis.hset(engine.keys.lane("cpu"), "resting", 1)
    trying = slots[0].take()
    assert slots[1].claim().word == "paused"
    slots[0].complete(trying, want=1)
    assert slots[1].claim().word == "leased"
