"""A slot process: claims, runs and completes by itself, one job at a time (or, for a shared lane, many async ones).

python -m worker.slot --names w1/0 --incarnation a1b2 --lanes gpu --parent 4711
"""

import argparse
import asyncio
import gc
import time
from collections.abc import Sequence

from orchestrator.calls import Leased, SlotAnswer, SlotCalls
from orchestrator.connection import Blocking
from orchestrator.failpoints import failpoint
from orchestrator.keys import Keys
from orchestrator.lanes import known_lane
from orchestrator.logs import configure_logs
from orchestrator.registry import Registry, load_registry
from orchestrator.settings import Settings, load_settings
from worker.executor import Executor, Outcome
from worker.orders import Orders
from worker.parent import tie_to_parent
from worker.sending import IDLE_CLAIM, NOT_ANNOUNCED, checked, settle_call


class Slot:
    """One slot with one connection; its step runs in the main thread."""

    def __init__(
        self, transport: Blocking, calls: SlotCalls, lanes: Sequence[str], executor: Executor, orders: Orders
    ) -> None:
        self._transport, self._calls, self._executor, self._orders = transport, calls, executor, orders
        self._hints = [Keys().wake(lane) for lane in lanes]

    def run(self) -> None:
        """Work until told to stop, or until another incarnation has this place."""
        answer = self._transport.send(self._calls.claim())
        while True:
            if answer.jobs:
                failpoint("slot.claimed")
                answer = self._work(answer.jobs[0])
            elif self._orders.stopping or answer.word == "retired":
                return
            else:
                self._rest(answer.word)
                if not self._orders.stopping:
                    answer = self._transport.send(self._calls.claim())

    def _work(self, job: Leased) -> SlotAnswer:
        outcome: Outcome = self._executor.execute(job, self._calls)
        failpoint("slot.ran")
        answer = self._transport.send(settle_call(self._calls, outcome, 0 if self._orders.stopping else 1))
        failpoint("slot.answered")
        return checked(answer)

    def _rest(self, word: str) -> None:
        if word in {"unknown", "unrenewed"}:
            time.sleep(NOT_ANNOUNCED)
        else:
            self._transport.wait_for_hint(self._hints, IDLE_CLAIM)


def run_slot(settings: Settings, registry: Registry, names: list[str], incarnation: str, lanes: list[str]) -> None:
    """Be one slot, or all the slots of a shared process."""
    assert settings.redis_url is not None
    orders = Orders()
    orders.start()
    transport = Blocking(settings.redis_url)
    executor = Executor(settings, registry, transport)
    if known_lane(lanes[0]).shared:
        from worker.shared import SharedSlots

        asyncio.run(SharedSlots(settings.redis_url, names, incarnation, lanes, registry, executor, orders).run())
        return
    calls = SlotCalls(Keys(), names[0], incarnation, lanes, registry.ids)
    gc.freeze()  # what start-up made stays: later collections need not look at it
    Slot(transport, calls, lanes, executor, orders).run()


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--names", required=True, help="comma separated")
    parser.add_argument("--incarnation", required=True)
    parser.add_argument("--lanes", required=True, help="comma separated, in order of preference")
    parser.add_argument("--parent", required=True, type=int)
    given = parser.parse_args()
    tie_to_parent(given.parent)
    configure_logs()
    settings = load_settings()
    run_slot(settings, load_registry(settings), given.names.split(","), given.incarnation, given.lanes.split(","))


if __name__ == "__main__":
    main()
