"""Why a job does not run, in words: worked out when it is read."""

from collections.abc import Callable

import pytest

from orchestrator.reasons import Serving, explain
from orchestrator.views import view_document
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain

Facts = dict[str, str]


def nothing(_: Engine) -> None:
    """As it is."""


def paused(engine: Engine) -> None:
    engine.server.redis.hset(engine.keys.lane("cpu"), "paused", "1")


def held(engine: Engine) -> None:
    engine.transport.send(engine.duties.pause("tenant", "default"))
    engine.slot().claim()


def down(engine: Engine) -> None:
    slot = engine.slot()
    slot.fail(slot.take(), "wait", 0.0)
    engine.server.redis.hset(engine.keys.lane("cpu"), "resting", str(10**13))


@pytest.mark.parametrize(
    ("happened", "worker", "why"),
    [
        (nothing, {}, "a worker: none is alive (start one with: docmill worker)"),
        (nothing, {"lanes": "gpu", "serves": chain.id}, "a worker that serves lane cpu: none is alive"),
        (nothing, {"lanes": "cpu", "serves": "other@1"}, f"a worker that knows {chain.id}: none is alive"),
        (nothing, {"lanes": "cpu", "serves": chain.id}, "its turn"),
        (paused, {"lanes": "cpu", "serves": chain.id}, "lane cpu, which is paused"),
        (held, {"lanes": "cpu", "serves": chain.id}, "tenant default, which is paused"),
        (down, {"lanes": "cpu", "serves": chain.id}, "a service that lane cpu needs and that was down just now: "),
    ],
)
def test_what_a_ready_job_waits_for(
    make_engine: MakeEngine, happened: Callable[[Engine], None], worker: Facts, why: str
) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    happened(engine)
    now = engine.transport.send(engine.documents.time())
    records = [worker | {"renewed": str(int(now * 1000))}] if worker else []
    facts = engine.transport.send(engine.documents.lane("cpu"))
    view = view_document(document, engine.head(document), dict(chain.plan), {}, {}, [])
    paused = engine.transport.send(engine.duties.paused())
    explain(view, Serving(records, now, 30, {"cpu": facts}, paused))
    assert (view.steps[0].waits_for or "").startswith(why)
