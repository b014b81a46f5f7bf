"""Promise 3: a reply can be lost on the wire, so every writing call may be sent again."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from orchestrator.calls import Failed
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, shouting
from tests.support.proxy import running_proxy
from tests.support.server import Server


def test_a_submit_again_changes_nothing(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    call = engine.documents.submit(chain.id, [("0-1abc", b'{"text":"a"}')])
    assert engine.transport.send(call) == ["accepted", "queued"]
    before = engine.head("0-1abc")
    assert engine.transport.send(call) == ["accepted", "repeated"]
    assert engine.head("0-1abc") == before
    assert engine.slot().work_off() == ["one", "two", "three", "four"]


def test_the_same_number_again_answers_the_same_without_doing_it_again(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    slot = engine.slot()
    claim = slot.calls.claim()
    first, second = engine.transport.send(claim), engine.transport.send(claim)
    assert (first.word, second.word) == ("leased", "repeated")
    assert first.jobs == second.jobs

    complete = slot.calls.complete([slot.done(first.jobs[0], "x")])
    first, second = engine.transport.send(complete), engine.transport.send(complete)
    assert (first.word, second.word) == ("leased", "repeated")
    assert (first.verdicts, first.jobs) == (second.verdicts, second.jobs)

    fail = slot.calls.fail([Failed(first.jobs[0], "attempt", 0.0, "ValueError", "broken")])
    first, second = engine.transport.send(fail), engine.transport.send(fail)
    assert (first.verdicts, first.jobs) == (second.verdicts, second.jobs)
    assert second.word == "repeated"
    assert engine.run(document, "two").attempts == 1


def test_a_lower_number_is_refused(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    slot = engine.slot()
    early = slot.calls.claim()
    job = slot.take()
    answer = engine.transport.send(early)
    assert (answer.word, answer.jobs) == ("old", [])
    assert slot.complete(job).verdicts == ["done"]


def test_a_retired_incarnation_is_refused(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    slot = engine.slot()
    job = slot.take()
    assert slot.crash() == (True, [job.job])
    assert slot.crash() == (True, [job.job]), "again: the same answer, and nothing is done again"
    assert engine.head(job.document)["one.deaths"] == "1"
    assert slot.complete(job).word == "retired"
    assert engine.slot("w/0", incarnation="i2").take().job == job.job


def test_a_slot_that_nobody_renews_may_not_claim(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    slot = engine.slot()
    engine.server.redis.hset(engine.keys.slot("w/0"), "renewed", 1)
    assert slot.claim().word == "unrenewed"
    slot.renew()
    assert slot.claim().word == "leased"


def test_a_slot_that_was_never_announced_may_not_claim(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    slot = engine.slot()
    engine.server.redis.delete(engine.keys.slot("w/0"))
    assert slot.claim().word == "unknown"


@pytest.mark.parametrize("lose", [2, 3, 5])
def test_replies_eaten_at_every_call_double_nothing_and_lose_nothing(server: Server, lose: int) -> None:
    with TemporaryDirectory(prefix="dm") as folder, running_proxy(server, Path(folder), lose) as proxy:
        engine = Engine(server, shouting, url=proxy.url)
        documents = [engine.submit(shouting, text="a b c") for _ in range(5)]
        slot = engine.slot()
        slot.work_off(lambda job: ["a", "b", "c"] if job.step == "split" else job.step)  # pyright: ignore
        assert proxy.lost > 10
    stats = engine.transport.send(engine.documents.stats())
    for document in documents:
        head = engine.head(document)
        assert head["status"] == "succeeded"
        runs = [engine.run(document, step) for step in ("split", "join", "praise", "keep")]
        assert [run.deliveries for run in runs] == [1] * 4
    assert stats["finished:shouting:succeeded"] == "5"
    assert stats["submitted:shouting:5"] == "5"
    assert (
        sum(int(n) for field, n in stats.items() if field.startswith("run:shouting:shout:") and "sum" not in field)
        == 15
    )
