"""A slot that was told to drain claims nothing more, not even what wakes it."""

from pathlib import Path
from typing import Any, cast

from orchestrator.connection import Blocking
from orchestrator.registry import Registry
from orchestrator.settings import Settings
from tests.conftest import MakeEngine
from tests.support.pipelines import chain
from worker.line.orders import Orders
from worker.line.status import Status
from worker.running.executor import Executor
from worker.slots.loop import Slot
from worker.slots.news import News
from worker.slots.recycling import Recycling


class ToldInItsSleep(Blocking):
    """While the slot waits for a hint, the order to drain comes, and then work."""

    stopping = False

    def wait_for_hint(self, keys: list[str], seconds: float) -> bool:
        """Be told, then hear of work."""
        self.stopping = True
        self.on_wait()
        return super().wait_for_hint(keys, seconds)

    def on_wait(self) -> None:
        """Set by the test."""


def test_work_that_wakes_a_draining_slot_stays_in_its_lane(make_engine: MakeEngine, tmp_path: Path) -> None:
    engine = make_engine(chain)
    hand = engine.slot()
    transport = ToldInItsSleep(engine.server.url)
    documents: list[str] = []
    transport.on_wait = lambda: documents.append(engine.submit(chain, text="a"))
    executor = Executor(Settings(data_dir=tmp_path), Registry([chain]), transport)
    orders = cast(Orders, cast(Any, transport))  # all that a slot asks of its orders is `stopping`
    news = News(Status(), executor.residents, Recycling(Settings()))
    Slot(transport, hand.calls, ["cpu"], [chain.id], executor, orders, news).run()
    assert engine.head(documents[0])["one.state"] == "ready"
