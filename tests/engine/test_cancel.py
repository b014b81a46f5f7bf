"""What cancel does to a document, wherever its jobs are."""

from orchestrator.calls import DocumentCalls
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, shouting


def cancel(engine: Engine, *documents: str) -> list[str]:
    calls: DocumentCalls = engine.documents
    return engine.transport.send(calls.cancel(documents, "sent twice"))


def test_a_document_that_waits_leaves_its_lane(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    assert cancel(engine, document) == ["cancelled"]
    assert engine.slot().claim().word == "none"
    head = engine.head(document)
    assert (head["status"], head["error"], head["one.state"]) == ("cancelled", "sent twice", "cancelled")
    assert engine.log(document)[0].endswith("cancelled: sent twice")


def test_one_that_waits_for_a_retry_stays_ended(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    slot = engine.slot()
    slot.fail(slot.take(), delay=60)
    cancel(engine, document)
    engine.shift("delayed", 60_000)
    engine.sweep()
    assert slot.claim().word == "none"
    assert engine.head(document)["status"] == "cancelled"


def test_what_runs_is_told_and_its_result_is_not_taken(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    slot = engine.slot()
    slot.complete(slot.take())
    job = slot.take()
    cancel(engine, document)
    assert [held.word for held in slot.renew().slots[0].jobs] == ["ended"]
    assert slot.complete(job).verdicts == ["ended"]
    assert "two" not in engine.data(document)
    told = engine.log(document)
    assert told[0].endswith("done before, with what it did outside: one")
    assert "its side effects remain" in told[1]


def test_cancel_wins_over_every_way_back(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    lost, died, failed = (engine.submit(chain, text="a") for _ in range(3))
    slots = [engine.slot(name) for name in ("w/0", "w/1", "w/2")]
    jobs = [slot.take() for slot in slots]
    cancel(engine, lost, died, failed)
    slots[2].fail(jobs[2])
    slots[1].crash()
    engine.shift("leases", 60_000)
    engine.sweep()
    assert engine.slot("w/3").claim().word == "none"
    assert {engine.head(document)["status"] for document in (lost, died, failed)} == {"cancelled"}


def test_items_of_a_fan_out_end_with_it(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document = engine.submit(shouting, text="a b c")
    slot = engine.slot()
    slot.complete(slot.take(), ["a", "b", "c"])
    held = slot.take()
    cancel(engine, document)
    assert slot.complete(held).verdicts == ["ended"]
    assert slot.claim(want=5).jobs[0].document == f"{document}.finish", "its end is told, whatever the end"


def test_it_may_be_asked_again_and_says_what_there_was(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    done, ended = engine.submit(chain, text="a"), engine.submit(chain, text="b")
    slot = engine.slot()
    slot.complete(slot.take())
    cancel(engine, ended)
    slot.work_off()
    assert cancel(engine, done, ended, "0-nobody", ended) == ["succeeded", "cancelled", "unknown", "cancelled"]
    assert len(engine.log(ended)) == 1


def test_a_kill_that_was_decided_for_a_cancelled_job_hits_no_other(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    slot = engine.slot()
    job = slot.take()
    cancel(engine, document)
    held, _ = slot.crash("cancelled", job.token)
    assert held, "its document has ended, and it still holds the job: the kill may follow"
    engine.submit(chain, text="b")
    slot = engine.slot(incarnation="i2")
    held, jobs = slot.crash("cancelled", job.token)
    assert (held, jobs) == (False, []), "another call found it gone on"
