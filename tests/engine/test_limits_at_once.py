"""What may not run now waits in `held`, and one comes back for each that makes room: nothing scans, nothing is lost."""

import pytest

from orchestrator.errors import PipelineError, UsageError
from orchestrator.graph import Concurrency, pipeline, step
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.flows import by_customer, fed, limited, narrow, scanned, wide
from tests.support.pipelines import chain


def held(engine: Engine, reason: str) -> int:
    return engine.server.redis.zcard(engine.keys.held(reason))


def nothing_is_left(engine: Engine) -> None:
    engine.sweep()
    left = [*engine.server.redis.keys("*held:*"), *engine.server.redis.keys("*}:limit*")]
    left += [*engine.server.redis.keys("*started:*"), *engine.server.redis.keys("*reasons*")]
    assert left == []


def test_so_many_jobs_run_at_once_and_the_next_comes_with_the_call_that_ends_one(make_engine: MakeEngine) -> None:
    engine = make_engine(limited)
    documents = [engine.submit(limited, text="a") for _ in range(4)]
    slot, other = engine.slot(), engine.slot("w/1")
    first, second = slot.take(), other.take()
    assert engine.slot("w/2").claim().word == "none"
    assert held(engine, "limit:call") == 2
    answer = slot.complete(first, want=1)
    assert answer.jobs[0].document == documents[2], "in their order"
    other.fail(second, delay=60)
    assert other.take().document == documents[3], "a retry's delay holds no limit"


@pytest.mark.parametrize("how", ["crash", "lease", "cancel", "purge"])
def test_whatever_ends_a_run_gives_its_place_back(make_engine: MakeEngine, how: str) -> None:
    engine = make_engine(limited)
    first = [engine.submit(limited, text="a") for _ in range(2)]
    last = engine.submit(limited, text="a")
    slots = [engine.slot(f"w{n}/0") for n in range(2)]
    jobs = [slot.take() for slot in slots]
    third = engine.slot("w3/0")
    assert third.claim().word == "none"
    if how == "crash":
        slots[0].crash()
    elif how == "lease":
        engine.shift("leases", 31_000)
        engine.sweep()
    else:
        engine.transport.send(engine.documents.cancel([first[0]], ""))
        if how == "purge":
            engine.shift("retention", 86_400_001)
            assert engine.transport.send(engine.duties.purge_drop(engine.transport.send(engine.duties.purge_take())))
        assert third.claim().word == "none", "what was cancelled runs until its slot has ended it"
        slots[0].complete(jobs[0])
    done = third.work_off()
    assert len(done) == {"crash": 2, "lease": 3}.get(how, 1) and engine.head(last)["status"] == "succeeded"


def test_a_limit_for_each_value_of_a_parameter(make_engine: MakeEngine) -> None:
    engine = make_engine(by_customer)
    for customer in ("acme", "acme", "zeta & sons"):
        engine.submit(by_customer, text="a", customer=customer)
    taken = [engine.slot(f"w/{n}").claim() for n in range(3)]
    assert [len(answer.jobs) for answer in taken] == [1, 1, 0]
    assert held(engine, "limit:call_one:acme") == 1


def test_a_fan_out_hands_out_no_more_than_its_limit(make_engine: MakeEngine) -> None:
    engine = make_engine(scanned)
    document, slot = engine.submit(scanned, text="a b c d e"), engine.slot()
    slot.complete(slot.take(), ["a", "b", "c", "d", "e"])
    jobs, other = [slot.take()], engine.slot("w/1")
    jobs.append(other.take())
    assert engine.slot("w/2").claim().word == "none"
    assert slot.complete(jobs[0], want=1).jobs[0].index == 2
    slot.crash()
    other.complete(jobs[1])
    assert sorted(other.work_off()) == ["gather", "scan[2]", "scan[3]", "scan[4]"]
    assert engine.head(document)["status"] == "succeeded"
    nothing_is_left(engine)


def test_so_many_documents_are_under_way(make_engine: MakeEngine) -> None:
    engine = make_engine(narrow)
    documents = [engine.submit(narrow, text="a") for _ in range(4)]
    slots = [engine.slot(f"w/{n}") for n in range(3)]
    jobs = [slot.claim().jobs for slot in slots]
    assert [len(found) for found in jobs] == [1, 1, 0]
    assert held(engine, "started:narrow") == 2
    answer = slots[0].complete(jobs[0][0], want=1)
    assert answer.jobs[0].document == documents[0], "what has begun goes on"
    assert slots[0].complete(answer.jobs[0], want=1).jobs[0].document == documents[2]
    engine.transport.send(engine.documents.cancel([documents[1]], ""))
    assert slots[2].take().document == documents[3], "also a cancel makes room"


def test_a_document_that_has_begun_has_all_its_first_steps(make_engine: MakeEngine) -> None:
    engine = make_engine(wide)
    documents = [engine.submit(wide, text="a") for _ in range(3)]
    slots = [engine.slot(f"w/{n}") for n in range(3)]
    jobs = [slots[0].take(), slots[1].take()]
    assert {job.document for job in jobs} == {documents[0]}
    assert slots[2].claim().word == "none"
    assert held(engine, "started:wide") == 4, "two documents, each with two first steps"
    slots[1].complete(jobs[1])
    assert slots[0].complete(jobs[0], want=1).jobs[0].step == "file"
    slots[0].crash()
    assert slots[2].work_off()[0] == "file"
    assert [engine.head(document)["status"] for document in documents] == ["succeeded"] * 3
    nothing_is_left(engine)


def test_a_feeder_does_not_run_ahead_of_its_lane(make_engine: MakeEngine) -> None:
    engine = make_engine(fed)
    for _ in range(5):
        engine.submit(fed, text="a")
    feeder = engine.slot(lanes=("cpu",))
    fed_now = feeder.work_off()
    assert len(fed_now) == 2 and held(engine, "ahead:fed:feed") >= 1
    eater = engine.slot("w/1", lanes=("gpu",))
    job = eater.take()
    assert len(feeder.work_off()) == 1, "one out, one in"
    answer = eater.complete(job, want=1)
    while answer.jobs:
        feeder.work_off()
        answer = eater.complete(answer.jobs[0], want=1)
    assert engine.server.redis.zcard(engine.keys.by("succeeded")) == 5
    nothing_is_left(engine)


def test_a_feeder_goes_on_when_what_it_waits_for_was_cancelled(make_engine: MakeEngine) -> None:
    engine = make_engine(fed)
    documents = [engine.submit(fed, text="a") for _ in range(4)]
    feeder = engine.slot(lanes=("cpu",))
    assert len(feeder.work_off()) == 2
    engine.transport.send(engine.documents.cancel(documents[:2], ""))
    engine.sweep()
    assert len(feeder.work_off()) == 2


def test_a_place_whose_lease_was_forgotten_is_found_again(make_engine: MakeEngine) -> None:
    engine = make_engine(limited)
    documents = [engine.submit(limited, text="a") for _ in range(3)]
    slots = [engine.slot(f"w/{n}") for n in range(3)]
    for slot in slots:
        slot.claim()
    engine.server.redis.zrem(engine.keys.named("leases"), f"{documents[0]}/call")
    engine.sweep()
    assert slots[2].take().document == documents[2]


def test_what_is_held_and_cancelled_leaves_nothing_behind(make_engine: MakeEngine) -> None:
    engine = make_engine(limited, narrow)
    documents = [engine.submit(limited, text="a") for _ in range(3)]
    slots = [engine.slot(f"w/{n}") for n in range(3)]
    jobs = [slot.claim().jobs for slot in slots]
    engine.transport.send(engine.documents.cancel([documents[2]], ""))
    assert held(engine, "limit:call") == 0
    for slot, found in zip(slots, jobs[:2], strict=False):
        slot.complete(found[0])
    engine.sweep()
    nothing_is_left(engine)


def test_a_full_lane_refuses_new_documents_and_nothing_else(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    slot = engine.slot()
    engine.transport.send(engine.duties.bound("cpu", {"most": "2"}))
    kept = [engine.submit(chain, text="a") for _ in range(2)]
    call = engine.documents.submit(chain.id, [("0-9abc", b'{"text":"a"}')])
    assert engine.transport.send(call) == ["full", "cpu"]
    again = engine.documents.submit(chain.id, [(kept[0], b'{"text":"a"}')])
    assert engine.transport.send(again) == ["accepted", "repeated"], "what was accepted stays so"
    answer = slot.claim()
    for _ in range(3):
        answer = slot.complete(answer.jobs[0], want=1)
    assert engine.transport.send(call) == ["accepted", "queued"]
    engine.transport.send(engine.duties.bound("cpu", {"most": ""}))
    engine.submit(chain, text="a")


def test_parameters_too_large_for_a_script_to_look_into_are_refused_where_it_must() -> None:
    by_customer.check_size(b"x" * 100, 100)
    limited.check_size(b"x" * 101, 100)
    with pytest.raises(UsageError, match=r"limits its jobs by the parameter 'customer'.*100 bytes.*as a file"):
        by_customer.check_size(b"x" * 101, 100)


def test_bounds_that_cannot_be_meant_are_refused() -> None:
    with pytest.raises(PipelineError, match="concurrency is 1 or more"):
        step(concurrency=Concurrency(0))(chain.calls["one"].step.function)
    with pytest.raises(PipelineError, match="max_ahead must be 1 or more"):
        step(max_ahead=0)(chain.calls["one"].step.function)
    with pytest.raises(PipelineError, match="max_started must be 1 or more"):

        @pipeline(max_started=0)
        def _none(text: str) -> str:  # pyright: ignore[reportUnusedFunction]
            return chain.calls["one"].step(text)

    bounded = step(concurrency=Concurrency(1, by="client"))(chain.calls["one"].step.function)
    with pytest.raises(PipelineError, match="neither 'tenant' nor a parameter"):

        @pipeline()
        def _other(text: str) -> str:  # pyright: ignore[reportUnusedFunction]
            return bounded(text)
