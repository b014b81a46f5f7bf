"""Why a document is where it is, read from a real server while the scripts are driven by hand."""

import pytest

from orchestrator.outlook.graphs import Graph
from orchestrator.outlook.spans import Range
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, chained, shouting
from tests.support.whying import ask, ask_lanes, ask_step, measured, near, staff, take


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """Without a worker."""
    return make_engine(chain, chained, shouting)


@pytest.fixture
def staffed(engine: Engine) -> Engine:
    """With a worker that says that it has two slots and serves all; they are moved by hand."""
    return staff(engine)


async def test_without_a_worker_nobody_can_say(engine: Engine) -> None:
    document = engine.submit(chain, text="x")
    measured(engine, chain, one=1, two=1, three=1, four=1)
    why = await ask(engine, document)
    assert (why.ends, why.steps[0].starts, why.steps[0].slots) == (None, None, 0)
    assert "none is alive (start one with: docmill worker)" in why.says
    assert "it depends on step one" in why.basis


async def test_without_measured_runs_nobody_can_say(staffed: Engine) -> None:
    document = staffed.submit(chain, text="x")
    why = await ask(staffed, document)
    assert (why.steps[0].starts, why.steps[0].ends, why.ends) == (Range(0, 0, 0), None, None)
    assert why.basis.endswith("no run of one measured yet") and why.says.endswith("cannot be said")


async def test_what_runs_and_what_waits_for_it(staffed: Engine) -> None:
    document = staffed.submit(chain, text="x")
    measured(staffed, chain, one=60, two=1, three=1, four=1)
    take(staffed)
    one, two, *_ = (await ask(staffed, document)).steps
    assert one.says.startswith("runs since ") and one.ends is not None and 30 < one.ends.low < one.ends.high < 66
    assert two.says == "waits for one" and two.starts == one.ends
    run = staffed.run(document, "one")
    text = f"{run.token} {run.slot} 1 0 {int(run.started or 0) - 100_000}"
    staffed.server.redis.hset(staffed.keys.doc(document), "one.run", text)
    one = await ask_step(staffed, document, "one")
    assert one.ends is None and "longer than any run" in one.basis


async def test_a_fan_out_ends_with_its_last_item(staffed: Engine) -> None:
    slot = staffed.slot("w/0")
    document = staffed.submit(shouting, text="x")
    slot.complete(slot.take(), [f"w{n}" for n in range(20)])
    measured(staffed, shouting, split=1, shout=2, join=1, praise=1, keep=1)
    shout = await ask_step(staffed, document, "shout")
    assert shout.basis == "0 jobs ahead, 2 slots, 2 s a run in all that was measured (100 runs)"
    assert near(shout.ends, 20) and shout.starts == Range(0, 0, 0)
    assert shout.says.startswith("has 0 of 20 items done, waits for its turn in lane gpu, nothing before it")
    assert near((await ask(staffed, document)).ends, 23)


async def test_a_paused_lane(staffed: Engine) -> None:
    document = staffed.submit(chain, text="x")
    measured(staffed, chain, one=1, two=1, three=1, four=1)
    staffed.transport.send(staffed.duties.pause("lane", "cpu"))
    why = await ask(staffed, document)
    assert why.ends is None and why.basis == "it depends on step one, and nobody can say for how long that is kept back"
    assert why.steps[0].if_freed and why.steps[0].ends is not None, "what it takes once it is resumed"
    assert (
        why.steps[0].says == "waits for lane cpu, which is paused (go on: docmill resume lane cpu), then starts at once"
    )


async def test_what_is_delayed_says_until_when(staffed: Engine) -> None:
    document = staffed.submit(chain, text="x", delay=60)
    measured(staffed, chain, one=1, two=1, three=1, four=1)
    step = await ask_step(staffed, document, "one")
    assert step.starts is not None and 55 < step.starts.low <= step.starts.high <= 60
    assert step.says.startswith("waits for its time, starts in about ")
    other = staffed.submit(chain, text="x")
    slot = staffed.slot("w/0")
    slot.fail(slot.take(), delay=30)
    assert "its next try, after: broken, starts in" in (await ask_step(staffed, other, "one")).says


async def test_what_is_held_by_a_pause(staffed: Engine) -> None:
    first, second = staffed.submit(chain, text="x"), staffed.submit(chain, text="x")
    staffed.transport.send(staffed.duties.pause("tenant", "default"))
    assert staffed.slot("w/0").claim(2).jobs == []
    assert staffed.head(first)["one.state"] == "held"
    step = await ask_step(staffed, second, "one")
    assert (step.held, step.if_freed) == (["tenant:default"], True)
    assert step.says.startswith("waits for tenant default, which is paused (go on: docmill resume tenant default)")
    lanes = await ask_lanes(staffed)
    assert (lanes["cpu"].held, lanes["cpu"].ready) == (2, 0)


@pytest.mark.parametrize("reason", ["limit:acme", "something:new"])
async def test_whatever_it_is_held_by(staffed: Engine, reason: str) -> None:
    first, second = staffed.submit(chain, text="x"), staffed.submit(chain, text="x")
    redis, keys = staffed.server.redis, staffed.keys
    for document in (first, second):
        (moved,) = [(m, s) for m, s in redis.zrange(keys.ready("cpu"), 0, 0, withscores=True)]
        redis.zrem(keys.ready("cpu"), moved[0])
        redis.zadd(keys.named(f"held:{reason}"), {moved[0]: moved[1]})
        redis.hset(keys.doc(document), "one.state", "held")
    redis.sadd(keys.named("reasons"), reason)
    step = await ask_step(staffed, second, "one")
    assert step.held == [reason] and step.says.startswith(f"is held by {reason}, 1 of 2 before it")
    assert (await ask(staffed, second)).ends is None


async def test_a_failed_one_says_why_and_what_a_retry_runs(staffed: Engine) -> None:
    slot = staffed.slot("w/0")
    document = staffed.submit(shouting, text="x")
    slot.complete(slot.take(), ["a", "b", "c"])
    slot.complete(slot.take(), "A")
    slot.fail(slot.take(), "fatal")
    why = await ask(staffed, document)
    assert (why.status, why.ends, why.steps) == ("failed", None, [])
    assert why.says.startswith("failed after ") and "shout: ValueError" in why.says and why.log
    assert why.retries == {"shout": "rest", "join": "whole", "praise": "whole", "keep": "whole"}
    assert staffed.transport.send(staffed.documents.retry([(document, 0)], "test")) == ["revived"]
    head = staffed.head(document)
    again = {step for step in shouting.calls if head[f"{step}.state"] not in {"done"}}
    assert again == set(why.retries), "what was foretold is what is run again"


async def test_of_a_map_over_a_map_only_what_is_lacking_runs_again(staffed: Engine) -> None:
    slot = staffed.slot("w/0")
    document = staffed.submit(chained, text="x")
    slot.complete(slot.take(), ["a", "b"])
    slot.complete(slot.take(), "A")
    first = slot.take()
    slot.fail(first, "fatal")
    why = await ask(staffed, document)
    assert why.retries == {"shout": "rest", "louder": "rest", "join": "whole"}


async def test_where_the_time_of_a_finished_one_went(staffed: Engine) -> None:
    document = staffed.submit(chain, text="x")
    staffed.slot("w/0").work_off()
    redis, key = staffed.server.redis, staffed.keys.doc(document)
    submitted = int(staffed.head(document)["submitted"])
    redis.hset(key, "finished", submitted + 20_000)
    for at, step in enumerate(("one", "two", "three", "four")):
        ready = submitted + at * 5000
        run = staffed.run(document, step)
        redis.hset(key, f"{step}.ready", ready)
        redis.hset(key, f"{step}.run", f"{run.token} {run.slot} 1 1 {ready + 2000}")
        redis.hset(key, f"{step}.finished", ready + 5000)
    why = await ask(staffed, document)
    assert (why.waited, why.ran) == (8.0, 12.0)
    assert [(step.waited, step.ran) for step in why.spent] == [(2.0, 3.0)] * 4
    assert why.says == "succeeded after 20 s; for 12 s of it some step ran, for 8 s it waited" and not why.retries


def test_a_map_over_a_map_that_passed_failures_over_lacks_their_items() -> None:
    head = {f"{step}.state": "done" for step in chained.calls} | {
        "shout.items": "2",
        "louder.items": "2",
        "shout.failed": "1",
    }
    assert Graph(chained.plan).revived(head) == {"shout": "rest", "louder": "rest", "join": "whole"}
