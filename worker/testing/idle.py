"""When there is nothing more to run: what time alone brings about, and whether something waits for what will never come."""

from collections.abc import Iterable

from orchestrator.calls import Call
from orchestrator.calls.base import texts
from orchestrator.clients import Client
from orchestrator.clients.session import Session
from orchestrator.duties import Duties
from orchestrator.keys import Keys
from orchestrator.registry import Registry
from orchestrator.states import FINAL_JOB
from orchestrator.views import Document

MOST = 50
"""Documents that are looked at."""
SHOWN = 5
"""Documents that an error tells of."""


class Idle:
    """Looks at a mill that has nothing ready.

    Args:
        registry: for schedules.
    """

    def __init__(self, client: Client, registry: Registry) -> None:
        self._client, self._registry = client, registry

    def keep_duties(self) -> None:
        """Do what every worker does from time to time: sweep, purge, submit what is scheduled, and so on."""
        self._client.perform(self._keep)

    def stuck(self) -> list[str]:
        """The documents that wait for what will never come by itself, and for what, in words.

        One that waits for a time, that somebody else runs, or that somebody paused, does not.
        """
        return self._client.perform(self._find)

    async def _keep(self, session: Session) -> None:
        mill = await session.connect()
        for duty in Duties(mill.transport, mill.blobs, self._registry).list:
            while await duty.work():
                pass

    async def _find(self, session: Session) -> list[str]:
        mill = await session.connect()
        indexes = [mill.calls.by_status(status, MOST) for status in ("queued", "running")]
        delayed = Call(("ZRANGE",), (Keys().named("delayed"), 0, -1), texts)
        queued, running, later = await mill.transport.send_all([*indexes, delayed])
        waiting = {member.partition("/")[0] for member in later}
        views = [await mill.get(document) for document in [*queued, *running] if document not in waiting]
        lanes = {step.lane for view in views for step in view.steps}
        serving = await mill.serving(lanes)
        rest = {lane for lane in lanes if float(serving.facts[lane].get("resting", 0)) / 1000 > serving.now}
        rest |= {lane for lane in lanes if "paused" in serving.facts[lane]}
        return [line for view in views if not _waits_rightly(view, rest, serving.paused) for line in told(view)]


def _waits_rightly(view: Document, resting: Iterable[str], paused: Iterable[str]) -> bool:
    pending = [step for step in view.steps if step.state in {"ready", "held", "leased"}]
    if any(step.state == "leased" or step.lane in resting for step in pending):
        return True
    return view.is_final or bool({f"pipeline:{view.pipeline.partition('@')[0]}", f"tenant:{view.tenant}"} & set(paused))


def told(view: Document) -> list[str]:
    """What a document waits for, a line a step."""
    pending = [step for step in view.steps if step.state not in {*FINAL_JOB, "waiting"}]
    steps = [
        f"step {step.name} is {step.state}" + (f", and waits for {step.waits_for}" if step.waits_for else "")
        for step in pending
    ]
    return [
        f"document {view.id} of {view.pipeline} is {view.status}: {line}"
        for line in steps or ["none of its steps goes on"]
    ]


def listed(told: list[str]) -> str:
    """Some of many, a line each."""
    more = f"\n  and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return "\n  ".join(["", *told[:SHOWN]]) + more
