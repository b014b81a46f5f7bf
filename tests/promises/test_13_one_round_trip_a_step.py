"""Promise 13: complete and claim-next are one call, and no script's time grows with the backlog or the fan-out."""

from typing import Any

from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, shouting

AT_MOST = 5.0
"""Times the time of the small one: timings on a shared machine are rough; a scan would be hundreds of times."""


def microseconds_a_call(engine: Engine, run: Any) -> float:
    """Redis's own time for an FCALL while `run` runs."""
    engine.server.redis.config_resetstat()
    run()
    return engine.server.redis.info("commandstats")["cmdstat_fcall"]["usec_per_call"]


def test_a_document_of_four_steps_takes_five_round_trips(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    slot = engine.slot()
    slot.claim()
    engine.server.redis.config_resetstat()
    for _ in range(10):
        engine.submit(chain, text="a")
    answer = slot.claim()
    while answer.jobs:
        answer = slot.complete(answer.jobs[0], want=1)
    calls = engine.server.redis.info("commandstats")["cmdstat_fcall"]["calls"]
    assert calls == 10 * 5 + 1


def test_a_step_costs_the_same_with_a_long_backlog(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    slot = engine.slot()

    def twenty_documents() -> None:
        answer = slot.claim()
        for _ in range(80):
            answer = slot.complete(answer.jobs[0], want=1)
        slot.complete(answer.jobs[0])

    for _ in range(25):
        engine.submit(chain, text="a")
    short = microseconds_a_call(engine, twenty_documents)
    pairs = [(f"0-9{n:06}".replace("i", "0"), b'{"text":"a"}') for n in range(20_000)]
    for first in range(0, len(pairs), 40):
        engine.transport.send(engine.documents.submit(chain.id, pairs[first : first + 40]))
    assert microseconds_a_call(engine, twenty_documents) < AT_MOST * short


def test_an_item_costs_the_same_in_a_long_list(make_engine: MakeEngine) -> None:
    def cost(items: int) -> float:
        engine = make_engine(shouting)
        engine.server.redis.flushdb()
        engine = make_engine(shouting)
        engine.submit(shouting, text="a")
        slot = engine.slot()
        job = slot.take()
        for first in range(500, items, 500):
            engine.transport.send(slot.calls.items(job, first, [b"1"] * 500))
        from orchestrator.calls import Done

        carried = [b"1"] * min(items, 500)
        answer = engine.transport.send(slot.calls.complete([Done(job, length=items, items=carried)]))

        def fifty_items() -> None:
            nonlocal answer
            for _ in range(50):
                answer = slot.complete(answer.jobs[0], 1, want=1)

        return microseconds_a_call(engine, fifty_items)

    assert cost(10_000) < AT_MOST * cost(100)
