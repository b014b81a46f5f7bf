"""A worker is asked to end through its record; its supervisor hears of it by its next renewal."""

from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain


def drain(engine: Engine, worker: str) -> str:
    return engine.transport.send(engine.duties.drain(worker))


def test_a_worker_that_is_asked_hears_of_it(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    slot, other = engine.slot("w/0"), engine.slot("v/0")
    assert not slot.renew().drain
    assert [drain(engine, "w"), drain(engine, "w")] == ["draining", "draining"]
    assert slot.renew().drain
    assert not other.renew().drain, "it is the only one that was asked"


def test_one_that_is_not_there_gets_no_record(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    assert drain(engine, "nobody") == "unknown"
    assert not engine.server.redis.exists(engine.keys.worker("nobody"))
    slot = engine.slot("w/0")
    engine.transport.send(slot.supervision.renew({}, {"ended": "1"}))
    assert drain(engine, "w") == "ended"
    assert not slot.renew().drain
