"""What takes the road of most steps (lua/lib/plain.lua), and what does not; tests/properties has that it leads to the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from redis.exceptions import ResponseError

from orchestrator import Batch, Concurrency
from orchestrator.calls import Done
from orchestrator.graph import Pipeline
from tests.engine.two_steps import abreast, choosing, deciding, followed, needing, preceded, together
from tests.support.engine import Engine, Hand
from tests.support.pipelines import chain
from tests.support.roads import TAKEN, server_that_does
from tests.support.server import Server

WORD = "the road of most steps"
TRACE = "@00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
KEPT_FROM_IT = {
    "needs more": needing,
    "a condition": choosing,
    "a condition further on": deciding,
    "another lane": followed(lane="gpu"),
    "a model": followed(model="m"),
    "a batch": followed(together, batch=Batch(4)),
    "a limit": followed(concurrency=Concurrency(2)),
    "a limit of its wait": followed(wait_limit=9.0),
    "a limit of its runs": followed(total_limit=9.0),
    "may not run ahead": followed(max_ahead=2),
    "after a limit": preceded(concurrency=Concurrency(2)),
    "after a limit of its runs": preceded(total_limit=9.0),
    "after a model": preceded(model="m"),
}
PAUSES = (("lane", "cpu"), ("tenant", "default"), ("tenant", "other"), ("pipeline", chain.name))


@pytest.fixture(scope="module")
def module_server() -> Iterator[Server]:
    """It fails where that road is taken."""
    with server_that_does(f"error('{WORD}')", TAKEN) as server:
        yield server


@pytest.fixture
def server(module_server: Server) -> Server:
    """With nothing in it."""
    module_server.empty()
    return module_server


def ready(server: Server, of: Pipeline, serves: tuple[str, ...] = ("cpu", "gpu"), **more: Any) -> tuple[Engine, Hand]:
    """A document of it, and a slot of those lanes."""
    engine = Engine(server, of)
    engine.submit(of, "0-first", text="a", **more)
    return engine, engine.slot(lanes=serves)


def test_a_step_that_hands_on_to_the_next_takes_it(server: Server) -> None:
    _, hand = ready(server, chain)
    job = hand.take()
    with pytest.raises(ResponseError, match=WORD):
        hand.complete(job, want=1)
    assert server.redis.zrange("docmill:{s0}:leases", 0, -1) == [job.job], "nothing was written before"


@pytest.mark.parametrize("of", KEPT_FROM_IT.values(), ids=KEPT_FROM_IT)
def test_a_step_about_which_something_is_unusual_does_not(server: Server, of: Pipeline) -> None:
    _, hand = ready(server, of)
    assert hand.complete(hand.take(), want=1).word == "leased"


@pytest.mark.parametrize("step", ["begun", "ended"])
def test_a_document_with_lanes_of_its_own_does_not(server: Server, step: str) -> None:
    _, hand = ready(server, followed(), lanes={step: "gpu"})
    assert hand.complete(hand.take(), want=1).word == "leased"


def test_a_document_that_is_traced_does_not(server: Server) -> None:
    engine, hand = ready(server, followed())
    server.redis.hset(engine.keys.doc("0-first"), "lanes", TRACE)
    assert hand.complete(hand.take(), want=1).jobs[0].origin is not None


def test_a_document_that_was_revived_does_not(server: Server) -> None:
    engine, hand = ready(server, chain)
    hand.fail(hand.take(), how="fatal")
    engine.transport.send(engine.documents.retry([("0-first", 0)], "once more"))
    assert hand.complete(hand.take(), want=1).word == "leased"


def test_where_something_comes_before_the_next_it_is_left(server: Server) -> None:
    engine, hand = ready(server, chain)
    job = hand.take()
    engine.submit(chain, "0-urgent", text="a", priority=9)
    assert hand.complete(job, want=1).jobs[0].document == "0-urgent"


def test_of_two_at_the_same_place_the_first_by_name_is_taken(server: Server) -> None:
    engine, hand = ready(server, abreast)
    aside, begun = hand.take(), hand.take()
    hand.fail(aside)
    engine.shift("delayed", 60_000)
    engine.sweep()
    assert hand.complete(begun, want=1).jobs[0].step == "aside"


@pytest.mark.parametrize(("kind", "name"), PAUSES)
def test_where_anything_is_paused_it_is_left(server: Server, kind: str, name: str) -> None:
    engine, hand = ready(server, chain)
    job = hand.take()
    engine.transport.send(engine.duties.pause(kind, name))
    assert bool(hand.complete(job, want=1).jobs) == (name == "other")


def test_a_slot_that_holds_more_leaves_it(server: Server) -> None:
    engine, hand = ready(server, chain)
    engine.submit(chain, text="a")
    first, _ = hand.claim(want=2).jobs
    assert hand.complete(first, want=1).word == "leased"


def test_a_slot_that_wants_several_or_none_leaves_it(server: Server) -> None:
    _, hand = ready(server, chain)
    job = hand.complete(hand.take(), want=2).jobs[0]
    assert hand.complete(job, want=0).word == "ok"


def test_a_slot_that_prefers_another_lane_leaves_it(server: Server) -> None:
    _, hand = ready(server, chain, serves=("gpu", "cpu"))
    assert hand.complete(hand.take(), want=1).word == "leased"


def test_a_slot_that_no_longer_knows_the_pipeline_leaves_it(server: Server) -> None:
    _, hand = ready(server, chain)
    job = hand.take()
    hand.calls.serve(["alone"])
    assert hand.complete(job, want=1).word == "none"


def test_a_slot_whose_worker_is_silent_leaves_it(server: Server) -> None:
    engine, hand = ready(server, chain)
    job = hand.take()
    server.redis.hincrby(engine.keys.slot("w/0"), "renewed", -60_000)
    assert hand.complete(job, want=1).word == "unrenewed"


def test_one_that_ended_meanwhile_is_told_so(server: Server) -> None:
    engine, hand = ready(server, chain)
    job = hand.take()
    engine.transport.send(engine.documents.cancel(["0-first"], "not wanted"))
    assert hand.complete(job, want=1).verdicts == ["ended"]


@pytest.mark.parametrize("swept", [True, False])
def test_one_whose_lease_is_anothers_is_told_so(server: Server, swept: bool) -> None:
    engine, hand = ready(server, chain)
    job = hand.take()
    engine.shift("leases", 60_000)
    held = server.redis.hget(engine.keys.slot("w/0"), "jobs")
    engine.sweep()
    engine.slot("w/1").take()
    if not swept:  # whatever its own record says
        server.redis.hset(engine.keys.slot("w/0"), "jobs", held)
    assert hand.complete(job, want=1).verdicts == ["stale"]


def test_on_it_too_a_long_output_is_left_for_the_next_to_read(session_server: Server) -> None:
    session_server.empty()
    _, hand = ready(session_server, chain)
    long = b'"' + b"a" * 70_000 + b'"'
    assert hand.send(hand.calls.complete([Done(hand.take(), long)], 1)).jobs[0].needs == [None]
