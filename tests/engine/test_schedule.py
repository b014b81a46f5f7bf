"""Recurring submissions: one document a tick, whoever looks, however often it is asked, whatever was missed."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest

from orchestrator import failpoints
from orchestrator.calls.schedules import ScheduleCalls, Submission, Tick
from orchestrator.client import Mill
from orchestrator.connection import Asynchronous, Blocking
from orchestrator.errors import Full, LaneFull, Taken
from orchestrator.ids import new_id
from orchestrator.registry import Registry
from orchestrator.schedules import Schedule
from orchestrator.schedules import keeping as schedules_keeping
from orchestrator.schedules.keeping import Keeper
from orchestrator.settings import Settings
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain
from tests.support.scheduled import HOUR, HOURLY, documents, due, greeting, kept, put_off, report
from tests.support.server import Server
from tests.support.workers import ROOT, wait_until

CALLERS = 12


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """The scripts of a server that knows no pipeline yet."""
    return make_engine()


@pytest.fixture
async def mill(server: Server, settings: Settings) -> AsyncGenerator[Mill]:
    """A client that knows the pipelines of this page."""
    async with Mill(server.url, settings, Registry([chain, report, greeting])) as made:
        yield made


@pytest.fixture
async def keeper(server: Server) -> AsyncGenerator[Keeper]:
    """The duty, run by hand."""
    transport = Asynchronous(server.url)
    yield Keeper(transport, Registry([chain, report, greeting]))
    await transport.close()


async def keep(keeper: Keeper) -> None:
    """All rounds of one second."""
    rounds = 0
    while await keeper.keep():
        rounds += 1
        assert rounds < 50, "it never comes to rest"


async def test_a_tick_submits_its_document_and_sets_the_next(engine: Engine, mill: Mill, keeper: Keeper) -> None:
    assert await mill.add_schedule(HOURLY) == "added"
    assert await keeper.keep() is False, "it is not due"
    assert documents(engine) == []
    tick = put_off(engine, "hourly", HOUR)
    await keep(keeper)
    (document,) = documents(engine)
    head = engine.head(document)
    told = {"priority": "7", "tenant": "acme", "schedule": "hourly", "one.state": "ready"}
    assert {field: head[field] for field in told} == told
    assert due(engine) % HOUR == 0 and due(engine) > tick + HOUR
    shown = await mill.schedule("hourly")
    assert (shown.outcome, shown.document, shown.ran) == ("queued", document, 1)
    assert engine.slot(words=("alone", chain.id)).work_off() == ["one", "two", "three", "four"]


async def test_of_many_callers_one_makes_the_tick(engine: Engine, mill: Mill) -> None:
    await mill.add_schedule(HOURLY)
    engine.transport.send(engine.documents.submit(chain.id, [], plan=chain.plan))
    moment = put_off(engine, "hourly", HOUR)
    tick, start = Tick("hourly", HOURLY.revision, moment, moment, moment + 2 * HOUR), Barrier(CALLERS)

    def race(_: int) -> list[str]:
        transport, submission = Blocking(engine.server.url), Submission(chain.id, new_id(), b'{"text":"a"}', None)
        start.wait()
        answer = transport.send(ScheduleCalls(engine.keys).run(tick, submission))
        transport.close()
        return answer

    with ThreadPoolExecutor(CALLERS) as callers:
        answers = list(callers.map(race, range(CALLERS)))
    (document,) = documents(engine)
    assert answers == [["queued", document]] * CALLERS, "and all are told of it"
    assert (due(engine), kept(engine)["ran"]) == (moment + 2 * HOUR, "1")


def keeping(url: str, point: str = "") -> "subprocess.Popen[bytes]":
    """A process that makes ticks, until it is killed, which a failpoint may do."""
    command = [sys.executable, "-m", "tests.support.ticking", url]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DOCMILL_FAILPOINTS": point}, start_new_session=True)


def test_processes_that_are_killed_in_between_make_each_tick_once(engine: Engine) -> None:
    """One dies with what is due in its hand, one right after a tick; two others take over, and race over what is late."""
    each = Schedule("each", "* * * * * *", "chain", {"text": "a"}, catch_up="all")
    begin = int(engine.transport.send(engine.documents.time())) - 20
    engine.transport.send(ScheduleCalls(engine.keys).set("each", each.revision, begin, each.fields))
    for point in ("schedule.read=kill@2", "schedule.made=kill@3"):
        with keeping(engine.server.url, point) as killed:
            assert killed.wait(20) == -signal.SIGKILL
    before = int(kept(engine, "each")["ran"])
    with keeping(engine.server.url) as third, keeping(engine.server.url) as fourth:
        wait_until(lambda: due(engine, "each") > begin + 23, "they go on")
        third.kill()
        fourth.kill()
    made = [line.split() for line in engine.transport.send(ScheduleCalls(engine.keys).log("each"))]
    assert before == 4 < len(made)
    ticks = [int(at) // 1000 for at, _, _ in made]
    assert ticks == list(range(begin, begin + len(made))), "each second once, none left out"
    assert [word for _, word, _ in made] == ["queued"] * len(made)
    assert sorted(document for _, _, document in made) == documents(engine)


async def test_every_call_may_be_sent_again(engine: Engine, mill: Mill) -> None:
    await mill.add_schedule(HOURLY)
    engine.transport.send(engine.documents.submit(chain.id, [], plan=chain.plan))
    calls, now = ScheduleCalls(engine.keys), put_off(engine, "hourly", HOUR)
    for act in ("run", "missed", "failed"):
        tick = Tick("hourly", HOURLY.revision, now, now, now + 1)
        submission = Submission(chain.id, new_id(), b'{"text":"a"}', None)
        call = calls.run(tick, submission) if act == "run" else calls.give_up(tick, "why" if act == "failed" else None)
        answer = engine.transport.send(call)
        assert answer[0] == {"run": "queued"}.get(act, act)
        before = kept(engine), engine.transport.send(calls.log("hourly")), documents(engine)
        assert engine.transport.send(call) == answer
        assert (kept(engine), engine.transport.send(calls.log("hourly")), documents(engine)) == before
        now += 1
    by_hand = calls.run_now("hourly", Submission(chain.id, new_id(), b'{"text":"a"}', None))
    assert engine.transport.send(by_hand) == engine.transport.send(by_hand)
    assert (len(documents(engine)), kept(engine)["ran"]) == (2, "2")


async def test_a_tick_that_others_moved_or_that_has_not_come_changes_nothing(engine: Engine, mill: Mill) -> None:
    await mill.add_schedule(HOURLY)
    engine.transport.send(engine.documents.submit(chain.id, [], plan=chain.plan))
    calls, now = ScheduleCalls(engine.keys), put_off(engine, "hourly", HOUR)
    right = Tick("hourly", HOURLY.revision, now, now, now + HOUR)

    def make(tick: Tick) -> list[str]:
        return engine.transport.send(calls.run(tick, Submission(chain.id, new_id(), b'{"text":"a"}', None)))

    assert make(right._replace(due=now - HOUR, at=now - HOUR)) == ["moved"]
    assert make(right._replace(revision="other")) == ["moved"]
    assert make(right._replace(at=now + 9 * HOUR)) == ["early"]
    assert make(right._replace(name="other")) == ["unknown"]
    await mill.pause_schedule("hourly")
    assert make(right) == ["moved"]
    assert documents(engine) == []


@pytest.mark.parametrize(("catch_up", "ran", "missed"), [("latest", 1, 0), ("all", 6, 0), ("none", 0, 1)])
async def test_after_a_downtime(
    engine: Engine, mill: Mill, keeper: Keeper, catch_up: str, ran: int, missed: int
) -> None:
    hour_begun = int(engine.transport.send(engine.documents.time())) % HOUR
    await mill.add_schedule(
        Schedule("hourly", f"{(hour_begun // 60 + 30) % 60} * * * *", "chain", {"text": "a"}, catch_up=catch_up)
    )
    first = due(engine) - 6 * HOUR
    engine.server.redis.zadd(engine.keys.named("schedules"), {"hourly": first * 1000})
    await keep(keeper)
    shown = await mill.schedule("hourly")
    assert (shown.ran, shown.missed, len(documents(engine))) == (ran, missed, ran)
    assert due(engine) == first + 6 * HOUR
    if catch_up == "latest":
        assert "missed: those from" in (await mill.schedule_log("hourly"))[0]


async def test_no_document_beside_one_that_has_not_ended(engine: Engine, mill: Mill, keeper: Keeper) -> None:
    await mill.add_schedule(Schedule("alone", "0 * * * *", "chain", {"text": "a"}, overlap="skip"))
    for _ in range(2):
        put_off(engine, "alone", HOUR)
        await keep(keeper)
    (first,) = documents(engine)
    shown = await mill.schedule("alone")
    assert (shown.ran, shown.skipped, shown.outcome, shown.document) == (1, 1, "skipped", first)
    with pytest.raises(Taken, match=f"{first} has not ended"):
        await mill.run_schedule("alone")
    engine.slot(words=("alone", chain.id)).work_off()
    put_off(engine, "alone", HOUR)
    await keep(keeper)
    assert (await mill.schedule("alone")).ran == 2


async def test_a_pipeline_that_asks_for_it_is_told_the_tick(engine: Engine, mill: Mill, keeper: Keeper) -> None:
    await mill.add_schedule(Schedule("told", "0 * * * *", "report", zone="Asia/Kolkata"))
    await mill.add_schedule(Schedule("fixed", "0 * * * *", "report", {"tick": "2026-11-01T00:00:00Z"}))
    moment = put_off(engine, "told", 0) - 1800  # whole hours of Kolkata are at half past
    engine.server.redis.zadd(engine.keys.named("schedules"), {"told": moment * 1000})
    put_off(engine, "fixed", HOUR)
    await keep(keeper)
    told = (await mill.schedule("told")).document or ""
    given = datetime.fromisoformat((await mill.parameters(told))["tick"])
    assert given.utcoffset() == datetime.fromisoformat("2026-11-01T00:00+05:30").utcoffset()
    latest = (await mill.schedule("told")).last_at or ""
    assert given == datetime.fromisoformat(latest)
    fixed = (await mill.schedule("fixed")).document or ""
    assert (await mill.parameters(fixed))["tick"].startswith("2026-11-01T00:00:00")


@pytest.mark.parametrize("fault", ["pipeline", "parameters", "cron"])
async def test_what_no_process_can_submit_is_said_and_passed(
    engine: Engine, mill: Mill, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left to others for a while; then it says what is wrong, and goes on to its next tick."""
    transport = Asynchronous(engine.server.url)
    keeper = Keeper(transport, Registry([report] if fault == "pipeline" else [chain]))
    await mill.add_schedule(HOURLY)
    wrong = {"parameters": '{"text": [1]}', "cron": "61 * * * *"}
    if fault in wrong:
        engine.server.redis.hset(engine.keys.schedule("hourly"), fault, wrong[fault])
    tick = put_off(engine, "hourly", HOUR)
    await keep(keeper)
    assert (due(engine), "error" in kept(engine)) == (tick, False), "another process may know more"
    monkeypatch.setattr(schedules_keeping, "FOR_OTHERS", 0.0)
    await keep(keeper)
    told = {"pipeline": "no pipeline 'chain'", "parameters": "parameter 'text'", "cron": "bad minute"}
    assert told[fault] in kept(engine)["error"]
    assert (kept(engine)["failed"], documents(engine)) == ("1", [])
    assert due(engine) > tick if fault != "cron" else due(engine) == float("inf")
    await transport.close()
    if fault == "pipeline":
        await mill.run_schedule("hourly")
        assert "error" not in kept(engine), "it is well again"


async def test_one_that_is_broken_does_not_keep_others_from_running(engine: Engine, mill: Mill, keeper: Keeper) -> None:
    await mill.add_schedule(HOURLY)
    engine.server.redis.hset(engine.keys.schedule("broken"), mapping={"cron": "x"})
    for name in ("broken", "hourly"):
        put_off(engine, name, HOUR)
    await keep(keeper)
    assert len(documents(engine)) == 1


async def test_a_full_server_delays_a_tick_and_loses_none(engine: Engine, mill: Mill, keeper: Keeper) -> None:
    await mill.add_schedule(HOURLY)
    put_off(engine, "hourly", HOUR)
    engine.server.redis.config_set("maxmemory", 1)
    try:
        with pytest.raises(Full):
            await keeper.keep()
        await mill.pause_schedule("hourly")
    finally:
        engine.server.redis.config_set("maxmemory", 0)
    await mill.resume_schedule("hourly")
    put_off(engine, "hourly", HOUR)
    await keep(keeper)
    assert len(documents(engine)) == 1


async def test_a_full_lane_delays_a_tick_and_loses_none(engine: Engine, mill: Mill, keeper: Keeper) -> None:
    await mill.add_schedule(HOURLY)
    await mill.run_schedule("hourly")
    engine.server.redis.hset(engine.keys.lane("cpu"), "most", 1)
    tick = put_off(engine, "hourly", HOUR)
    assert await keeper.keep() is False, "not at once again"
    assert (len(documents(engine)), due(engine)) == (1, tick)
    with pytest.raises(LaneFull):
        await mill.run_schedule("hourly")
    engine.slot(words=("alone", chain.id)).take()
    await keep(keeper)
    assert (await mill.schedule("hourly")).ran == 2


async def test_steps_that_its_parameters_leave_out_are_left_out(engine: Engine, mill: Mill, keeper: Keeper) -> None:
    for name, loud in (("loud", True), ("quiet", False)):
        await mill.add_schedule(Schedule(name, "0 * * * *", "greeting", {"loud": loud}))
        put_off(engine, name, HOUR)
    await keep(keeper)
    states = [engine.head((await mill.schedule(name)).document or "")["shout.state"] for name in ("loud", "quiet")]
    assert states == ["ready", "skipped"]


async def test_a_tick_between_whose_calls_the_caller_died_is_made_by_the_next(
    engine: Engine, mill: Mill, keeper: Keeper
) -> None:
    await mill.add_schedule(HOURLY)
    put_off(engine, "hourly", HOUR)
    for name, made in (("schedule.read", 0), ("schedule.known", 0), ("schedule.made", 1)):
        failpoints.arm(f"{name}=raise")
        with pytest.raises(RuntimeError):
            await keeper.keep()
        failpoints.arm("")
        assert len(documents(engine)) == made
    await keep(keeper)
    assert len(documents(engine)) == 1
