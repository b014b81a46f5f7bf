"""A lane's rate: so many jobs a second over all workers, judged by the server's clock; a slot is told how long to wait."""

import pytest

from tests.conftest import MakeEngine
from tests.support.pipelines import chain


def test_a_lane_gives_its_burst_and_then_says_when_the_next_is(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    for _ in range(5):
        engine.submit(chain, text="a")
    engine.transport.send(engine.duties.bound("cpu", {"rate": "0.1", "burst": "2"}))
    slots = [engine.slot(f"w/{n}") for n in range(3)]
    answers = [slot.claim() for slot in slots]
    assert [answer.word for answer in answers] == ["leased", "leased", "paced"]
    assert 8 < answers[2].wait <= 10
    ended = slots[0].complete(answers[0].jobs[0], want=1)
    assert (ended.verdicts, ended.word) == (["done"], "paced"), "what follows is a job of the lane too"
    engine.server.redis.hincrby(engine.keys.lane("cpu"), "paid", -10_000_000)
    assert slots[2].claim().word == "leased", "ten seconds later there is one more"
    assert slots[1].complete(answers[1].jobs[0], want=1).word == "paced"


def test_one_call_takes_no_more_than_the_rate_allows(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    for _ in range(5):
        engine.submit(chain, text="a")
    engine.transport.send(engine.duties.bound("cpu", {"rate": "0.1", "burst": "3"}))
    assert len(engine.slot().claim(5).jobs) == 3


def test_other_lanes_are_served_meanwhile_and_the_bound_can_be_taken_away(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    slot = engine.slot(lanes=("cpu", "gpu"))
    engine.transport.send(engine.duties.bound("cpu", {"rate": "0.1"}))
    engine.submit(chain, text="a")
    engine.submit(chain, text="a", lanes={"one": "gpu"})
    first, second = slot.take(), engine.slot("w/1", lanes=("cpu", "gpu")).take()
    assert first.document != second.document
    slot.complete(first)
    assert slot.claim().word == "paced"
    engine.transport.send(engine.duties.bound("cpu", {"rate": ""}))
    assert slot.claim().word == "leased"


@pytest.mark.parametrize("rate", ["3", "7", "0.016667", "1000"])
def test_whatever_the_rate_the_first_job_comes_at_once(make_engine: MakeEngine, rate: str) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    engine.transport.send(engine.duties.bound("cpu", {"rate": rate}))
    assert engine.slot().claim().word == "leased"


def test_a_lane_whose_rest_is_over_does_not_rest_again_while_nothing_could_try(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    slot = engine.slot()
    slot.fail(slot.take(), "wait", delay=0.5)
    lane = engine.keys.lane("cpu")
    engine.server.redis.hset(lane, "resting", 1)
    assert slot.claim().word == "none"
    assert engine.server.redis.hget(lane, "resting") is None
