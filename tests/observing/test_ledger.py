"""Metrics are true: after 2,000 documents to which all has happened that can, they equal a ledger that the test kept."""

import httpx

from api.app import create_app
from orchestrator.calls.hooks import HookCalls
from orchestrator.calls.once import Once
from orchestrator.calls.schedules import ScheduleCalls, Tick
from orchestrator.ids import new_id
from orchestrator.metrics.counters import COUNTERS
from orchestrator.settings import Settings
from tests.api.conftest import calling
from tests.conftest import MakeEngine
from tests.observing.acts import HOOK, WHOSE, name_of
from tests.observing.ledger import Ledger, counted
from tests.observing.works import Works
from tests.support.engine import Engine
from tests.support.figures import scraped
from tests.support.pipelines import chain, moods, shouting
from worker.pipelines.deliver import deliver

DOCUMENTS = 2_000
SEED = 8


def submit_one(works: Works, n: int) -> None:
    """A document of some pipeline; now and then again, or one that is refused."""
    pipeline = works.chance.choices((chain, moods, shouting), (6, 3, 1))[0]
    priority, tenant = works.chance.choice((1, 5, 9)), WHOSE if works.chance.random() < 0.05 else "default"
    document, name = new_id(), name_of(pipeline)
    value = pipeline.input_json({"text": "a b c"})

    def send(document: str, **more: object) -> str:
        call = works.engine.documents.submit(
            pipeline.id, [(document, value)], priority=priority, tenant=tenant, **more  # pyright: ignore[reportArgumentType]
        )  # fmt: skip
        return works.engine.transport.send(call)[0]

    once = Once(key=f"k{n}", digest="d", unique=f"u{n}") if n % 10 == 0 else None
    assert send(document, once=once) == "accepted"
    works.submitted(pipeline, document, priority, tenant)
    if n % 40 == 0:
        works.doomed[document] = "memory" if n % 80 else "died"
    if n % 10 == 0:
        again = [
            send(document),
            send(new_id(), once=Once(key=f"k{n}", digest="d")),
            send(new_id(), once=Once(key=f"k{n}", digest="other")),
            send(new_id(), once=Once(unique=f"u{n}")),
            send(new_id(), batch="0-nobatch"),
        ]
        assert again == ["accepted", "same", "differs", "taken", "closed"]
        works.ledger.note("duplicates_suppressed", 2, pipeline=name)
        for reason in again[2:]:
            works.ledger.note("documents_refused", pipeline=name, reason=reason)
    if n % 50 == 0 and pipeline is chain:
        works.engine.transport.send(works.engine.duties.bound("cpu", {"most": "1"}))
        assert send(new_id()) == "full"
        works.engine.transport.send(works.engine.duties.bound("cpu", {"most": ""}))
        works.ledger.note("documents_refused", pipeline=name, reason="full")


def steer_one(works: Works, engine: Engine) -> None:
    """Somebody cancels, revives, or purges a document; of what docmill made nobody does."""
    act = works.chance.choice(("cancel", "retry", "purge", "lose"))
    if act == "lose":
        return works.lose_leases()
    mine = [id for id in (works.open if act == "cancel" else works.ended) if "." not in id]
    if not mine:
        return None
    document = works.chance.choice(mine)
    if act == "cancel":
        assert engine.transport.send(engine.documents.cancel([document, document], "why")) == ["cancelled"] * 2
        works.end(document, "cancelled")
    elif act == "retry" and works.ended[document][1] in {"failed", "cancelled"}:
        call = engine.documents.retry([(document, works.lives.get(document, 0))], "why")
        assert engine.transport.send(call) == ["revived"]
        assert engine.transport.send(call) == ["repeated"]
        works.revived(document)
    elif act == "purge":
        engine.transport.send(engine.duties.purge_mark([document]))
        assert engine.transport.send(engine.duties.purge_drop([document])) == [document]
        assert engine.transport.send(engine.duties.purge_drop([document])) == []
        del works.ended[document]
        works.ledger.note("documents_purged")
    return None


def tick_some(works: Works, engine: Engine) -> None:
    """A schedule misses a tick, and cannot submit at another."""
    schedules = ScheduleCalls(engine.keys)
    definition = {"cron": "0 0 * * *", "zone": "UTC", "pipeline": chain.name, "priority": "5", "tenant": "default"}
    engine.transport.send(schedules.set("nightly", "r", 1.0, definition))
    for at, why in ((1.0, None), (2.0, "there is no such pipeline")):
        call = schedules.give_up(Tick("nightly", "r", at, at, at + 1), why)
        outcome = "failed" if why else "missed"
        assert [engine.transport.send(call), engine.transport.send(call)] == [[outcome]] * 2
        works.ledger.note("schedule_ticks", outcome=outcome)


async def read(settings: Settings) -> Ledger:
    """As Prometheus reads it, from an API process."""
    async with calling(create_app(settings)) as client:
        answer: httpx.Response = await client.get("/metrics")
    return counted(scraped(answer.text))


async def test_every_counter_equals_the_ledger(make_engine: MakeEngine, settings: Settings) -> None:
    """Crashes, retries, poison, too little memory, lost leases, late results, calls that are sent again, cancels, revivals."""
    engine = make_engine(chain, moods, shouting, deliver)
    fields = {"url": "https://example.org", "secret": "", "events": "", "tenant": WHOSE}
    engine.transport.send(HookCalls(engine.keys).add(HOOK, f"tenant:{WHOSE}", deliver.id, fields, most=1))
    works = Works(engine, SEED)
    for n in range(DOCUMENTS):
        submit_one(works, n)
        for _ in range(works.chance.randrange(10)):
            works.work(works.chance.randrange(3))
        if works.chance.random() < 0.15:
            steer_one(works, engine)
    tick_some(works, engine)
    works.finish()
    assert works.open == {}, "all have ended"
    found = await read(settings)
    assert dict(found - works.ledger) == {}, "nothing is told that did not happen"
    assert dict(works.ledger - found) == {}, "nothing happened that is not told"
    assert {name for name, _ in found} >= {family.name.removeprefix("docmill_") for family in COUNTERS.values()}
    outcomes = {dict(labels)["outcome"] for name, labels in found if name == "step_runs"}
    assert outcomes == {"done", "retry", "failed", "died", "poison", "lost", "memory"}, "and all of it did happen"
