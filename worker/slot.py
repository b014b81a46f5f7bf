"""A slot process: claims, runs and completes by itself, one job at a time (or, for a shared lane, many async ones).

python -m worker.slot --names w1/0 --incarnation a1b2 --lanes gpu --parent 4711

Without names it stands by: it loads all that it can, and waits for the order to begin.
"""

import argparse
import asyncio
import gc

from orchestrator import tracing
from orchestrator.calls import SlotCalls
from orchestrator.connection import Blocking
from orchestrator.keys import Keys
from orchestrator.lanes import known_lane
from orchestrator.logs import configure_logs, identify
from orchestrator.registry import Registry, load_registry
from orchestrator.settings import Settings, load_settings
from worker.line.orders import Orders
from worker.line.stacks import arm_stacks
from worker.line.status import Status
from worker.machine.card_token import CardToken
from worker.machine.cards import visible_cards
from worker.running.executor import Executor
from worker.slots.loop import Slot
from worker.slots.news import News
from worker.slots.parent import tie_to_parent
from worker.slots.recycling import Recycling


def run_slot(settings: Settings, given: argparse.Namespace) -> None:
    """Be one slot, or all the slots of a shared process."""
    assert settings.redis_url is not None
    registry, orders, transport = load_registry(settings), Orders(), Blocking(settings.redis_url)
    orders.start()
    executor, lanes = Executor(settings, registry, transport, orders), given.lanes.split(",")
    news = News(Status(given.status), executor.residents, Recycling(settings))
    serves = [*registry.ids, *given.words.split(), f"affinity={int(settings.affinity * 1000)}"]
    shared = known_lane(lanes[0].partition(":")[0]).shared
    if not shared:
        executor.has_card = "gpu" in {lane.partition(":")[0] for lane in lanes} and bool(visible_cards())
        executor.residents.preload(_models(registry, lanes, given.words.split()))
    news.ready()
    begun = (given.names.split(","), given.incarnation) if given.names else orders.stand_by()
    if begun is None:
        return
    names, incarnation = begun
    identify(worker=names[0].partition("/")[0])
    if shared:
        from worker.slots.shared import SharedSlots

        asyncio.run(SharedSlots(settings.redis_url, names, incarnation, lanes, executor, orders, serves).run())
        return
    executor.limits.install()
    calls = SlotCalls(Keys(), names[0], incarnation, lanes, serves)
    gc.freeze()  # what start-up made stays: later collections need not look at it
    token = CardToken(given.card) if given.card else None
    Slot(transport, calls, lanes, serves, executor, orders, news, token).run()


def _models(registry: Registry, lanes: list[str], words: list[str]) -> set[str]:
    """The models that this process may be asked for: of its lanes' steps, and of its runtime where the card is shared."""
    own = {word.partition("=")[2] for word in words if word.startswith("model=")}
    of_lanes = {step.model for step in registry.steps if step.model is not None and step.lane in lanes}
    return of_lanes & own if own else of_lanes


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--names", default="", help="comma separated; without any, it stands by")
    parser.add_argument("--incarnation", default="")
    parser.add_argument("--lanes", required=True, help="comma separated, in order of preference")
    parser.add_argument("--words", default="", help="what it serves besides its pipelines, as in lua/lib/served.lua")
    parser.add_argument("--card", default="", help="name of the token of a card that another process shares")
    parser.add_argument("--parent", required=True, type=int)
    parser.add_argument("--stacks", type=int, help="fd to which SIGUSR2 writes all stacks")
    parser.add_argument("--status", type=int, help="fd to which the slot says what its supervisor should know")
    given = parser.parse_args()
    tie_to_parent(given.parent)
    if given.stacks is not None:
        arm_stacks(given.stacks)
    settings = load_settings()
    configure_logs(settings)
    tracing.begin("docmill-worker")
    try:
        run_slot(settings, given)
    finally:
        tracing.end()


if __name__ == "__main__":
    main()
