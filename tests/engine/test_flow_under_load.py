"""Bounds where much waits: what is passed over keeps nobody waiting, and no bound is lost in another."""

import json

from orchestrator.graph import Batch, Concurrency, pipeline, step
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.flows import by_customer, fed, feed, limited, narrow
from tests.support.pipelines import chain


@step(lane="gpu", model="reader")
def read(text: str) -> str:
    """A job of a class."""
    return text


@pipeline()
def reading(text: str) -> str:
    """All its jobs wait in a class of their lane."""
    return read(text)


@step(max_ahead=8)
def prepare(text: str) -> str:
    """Feeds batches."""
    return text


@step(lane="gpu", batch=Batch(max_size=4, max_wait_ms=0))
def together(texts: list[str]) -> list[str]:
    """Four at once."""
    return texts


@pipeline()
def batched(text: str) -> str:
    """A feeder of batches."""
    return together(prepare(text))


@step(lane="gpu", concurrency=Concurrency(1))
def alone(text: str) -> str:
    """One at once."""
    return text


@pipeline()
def narrowing(text: str) -> str:
    """A feeder (two ahead) of a step that runs once at once."""
    return alone(feed(text))


def microseconds(engine: Engine) -> int:
    """What the server has spent in scripts since its counters began anew."""
    told = engine.server.redis.info("commandstats")
    return sum(told[command]["usec"] for command in told if command.startswith("cmdstat_fcall"))


def test_who_passes_over_what_is_paused_is_woken_at_once(make_engine: MakeEngine) -> None:
    engine = make_engine(reading)
    for _ in range(40):
        engine.submit(reading, text="a", tenant="acme", priority=6)
    wanted = engine.submit(reading, text="b", tenant="zeta")
    engine.transport.send(engine.duties.pause("tenant", "acme"))
    slot, wake = engine.slot(lanes=("gpu",)), engine.keys.wake("gpu")
    answers = 0
    while not (answer := slot.claim()).jobs:
        answers += 1
        assert engine.server.redis.exists(wake), "else it would wait for its next idle claim"
    assert answer.jobs[0].document == wanted and answers == 2


def test_a_slot_that_ends_a_job_is_woken_at_once_too(make_engine: MakeEngine) -> None:
    engine = make_engine(reading)
    engine.submit(reading, text="a", tenant="zeta", priority=7)
    for _ in range(20):
        engine.submit(reading, text="a", tenant="acme", priority=6)
    engine.submit(reading, text="b", tenant="zeta")
    slot = engine.slot(lanes=("gpu",))
    job = slot.take()
    engine.transport.send(engine.duties.pause("tenant", "acme"))
    wake = engine.keys.wake("gpu")
    engine.server.redis.delete(wake)
    assert slot.complete(job, want=1).word == "none" and engine.server.redis.exists(wake)


def test_a_claim_costs_the_same_however_many_tenants_are_paused(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.server.redis.hset(engine.keys.named("paused"), mapping={f"tenant:t{i}": "1" for i in range(20_000)})
    spent: list[int] = []
    for n in range(5):
        engine.submit(chain, text="a")
        slot = engine.slot(f"w/{n}")
        engine.server.redis.config_resetstat()
        assert slot.claim().jobs
        spent.append(microseconds(engine))
    assert min(spent) < 1_500, "reading all of them takes eight times as long"


def test_large_parameters_that_a_limit_goes_by_are_parsed_a_few_a_call(make_engine: MakeEngine) -> None:
    engine = make_engine(by_customer)
    text = json.dumps(["x" * 10] * 4_000)
    for customer in ["acme"] * 12 + ["zeta"]:
        engine.submit(by_customer, text=text, customer=customer)
    first, second = engine.slot(), engine.slot("w/1")
    assert first.take()
    assert second.claim().word == "none"
    assert engine.server.redis.zcard(engine.keys.held("limit:call_one:acme")) == 2
    assert engine.server.redis.exists(engine.keys.wake("cpu"))
    assert any(second.claim().jobs for _ in range(10)), "zeta's turn comes"


def test_as_many_feeders_go_on_as_a_batch_has_taken(make_engine: MakeEngine) -> None:
    engine = make_engine(batched)
    for _ in range(40):
        engine.submit(batched, text="a")
    feeder, slot = engine.slot(lanes=("cpu",)), engine.slot("g/0", lanes=("gpu",))
    sizes: list[int] = []
    while feeder.work_off() or not sizes or sizes[-1]:
        jobs = slot.claim().jobs
        sizes.append(len(jobs))
        for job in jobs:
            slot.complete(job)
    assert sizes == [4] * 10 + [0]


def test_what_a_limit_keeps_out_of_its_lane_counts_as_waiting_there(make_engine: MakeEngine) -> None:
    engine = make_engine(narrowing)
    for _ in range(20):
        engine.submit(narrowing, text="a")
    feeder = engine.slot(lanes=("cpu",))
    fed = len(feeder.work_off())
    running, idle = engine.slot("g/0", lanes=("gpu",)), engine.slot("g/1", lanes=("gpu",))
    job = running.take()
    for _ in range(10):
        idle.claim()
        engine.sweep()
        fed += len(feeder.work_off())
    assert fed == 3, "one runs, two wait"
    answer = running.complete(job, want=1)
    while answer.jobs or fed < 20:
        fed += len(feeder.work_off())
        answer = running.complete(answer.jobs[0], want=1) if answer.jobs else running.claim()
    engine.sweep()
    assert not engine.server.redis.keys("*held:*")


def test_what_is_held_comes_back_by_its_new_priority(make_engine: MakeEngine) -> None:
    engine = make_engine(limited)
    documents = [engine.submit(limited, text="a") for _ in range(5)]
    slot, other = engine.slot(), engine.slot("w/1")
    first = slot.take()
    other.take()
    assert engine.slot("w/2").claim().word == "none"
    assert engine.transport.send(engine.documents.reprioritise([documents[4]], 9)) == ["moved"]
    assert slot.complete(first, want=1).jobs[0].document == documents[4]


def test_what_is_cancelled_in_a_fed_lane_lets_its_feeders_go_on(make_engine: MakeEngine) -> None:
    engine = make_engine(fed)
    for _ in range(10):
        engine.submit(fed, text="a")
    slot = engine.slot(lanes=("cpu",))
    assert len(slot.work_off()) == 2
    assert slot.claim().word == "none"
    waiting = [job.partition("/")[0] for job in engine.server.redis.zrange(engine.keys.ready("gpu"), 0, -1)]
    engine.transport.send(engine.documents.cancel(waiting, ""))
    assert len(slot.work_off()) == 2, "no sweep has looked"


def test_what_is_cancelled_leaves_the_room_that_it_came_back_for(make_engine: MakeEngine) -> None:
    engine = make_engine(limited)
    for _ in range(6):
        engine.submit(limited, text="a")
    slot, other = engine.slot(), engine.slot("w/1")
    jobs = [slot.take(), other.take()]
    assert engine.slot("w/2").claim().word == "none"
    slot.complete(jobs[0])
    other.complete(jobs[1])
    came_back = [job.partition("/")[0] for job in engine.server.redis.zrange(engine.keys.ready("cpu"), 0, -1)]
    engine.transport.send(engine.documents.cancel(came_back, ""))
    assert len(slot.work_off()) == 4 - len(came_back), "no sweep has looked"


def test_documents_that_are_revived_wait_for_their_beginning_again(make_engine: MakeEngine) -> None:
    engine = make_engine(narrow)
    documents = [engine.submit(narrow, text="a") for _ in range(5)]
    slot = engine.slot()
    for _ in documents:
        slot.fail(slot.take(), "fatal")
    words = engine.transport.send(engine.documents.retry([(document, 0) for document in documents], ""))
    assert words == ["revived"] * 5
    first = [engine.slot(f"w/{n}").claim().word for n in range(1, 4)]
    assert first == ["leased", "leased", "none"], "two may be under way"
    engine.slot("w/1").crash()
    engine.slot("w/2").crash()
    assert len(slot.work_off()) == 10
    assert {engine.head(document)["status"] for document in documents} == {"succeeded"}
    assert not engine.server.redis.keys("*started:*")
