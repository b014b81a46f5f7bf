"""The duty that keeps schedules: every process looks each second what is due, and one of them makes each tick."""

import asyncio
from collections.abc import Mapping

from orchestrator.calls import DocumentCalls
from orchestrator.calls.schedules import ScheduleCalls, Submission, Tick
from orchestrator.connection import Asynchronous
from orchestrator.errors import UsageError
from orchestrator.failpoints import failpoint
from orchestrator.graph import Pipeline
from orchestrator.ids import new_id
from orchestrator.keys import Keys
from orchestrator.logs import logger
from orchestrator.registry import Registry
from orchestrator.schedules.definition import Schedule, definition_of
from orchestrator.schedules.turns import Turn, turn

log = logger(__name__)

MOST = 50
"""Schedules in one round."""
FOR_OTHERS = 60.0
"""Seconds that a process leaves a tick, which it cannot make itself, to those that can: they may be starting."""


STILL_DUE = frozenset({"early", "full", "unknown", "unknown-pipeline"})
"""Answers after which another round at once would be in vain: a full lane's tick, say, stays due until there is room."""


class Keeper:
    """Makes ticks.

    Args:
        transport: sends the calls; it stays the caller's to close.
        registry: the pipelines that this process knows.
    """

    def __init__(self, transport: Asynchronous, registry: Registry) -> None:
        self._transport, self._registry = transport, registry
        self._calls, self._documents = ScheduleCalls(Keys()), DocumentCalls(Keys())
        self._left: dict[tuple[str, float], float] = {}
        """Ticks left to others, and since when, by the server's clock."""

    async def keep(self) -> bool:
        """Make every tick that is due; returns whether more may be."""
        first, now = await self._transport.send_all([self._calls.first(MOST), self._documents.time()])
        due = [(name, at) for name, at in first if at <= now]
        self._left = {tick: since for tick, since in self._left.items() if tick in due}
        kept = await self._transport.send_all([self._calls.read(name) for name, _ in due])
        failpoint("schedule.read")
        made = [await self._make(name, fields, at, now) for (name, at), fields in zip(due, kept, strict=True) if fields]
        return any(made)

    async def _make(self, name: str, fields: Mapping[str, str], due: float, now: float) -> bool:
        """One tick; returns whether the schedule has moved on."""
        tick = Tick(name, fields.get("revision", ""), due, due, None)
        try:
            schedule = definition_of(name, fields)
            at, runs, following = await asyncio.to_thread(_turn, schedule, due, now)
            tick = tick._replace(at=at, next=following)
            answer = await self._submit(schedule, tick) if runs else await self._give_up(tick)
        except UsageError as problem:
            answer = await self._leave(tick, str(problem), now)
        failpoint("schedule.made")
        return answer[0] not in STILL_DUE

    async def _submit(self, schedule: Schedule, tick: Tick) -> list[str]:
        return await submit(self._transport, self._calls, self._registry, schedule, tick)

    async def _give_up(self, tick: Tick, why: str | None = None) -> list[str]:
        return await self._transport.send(self._calls.give_up(tick, why))

    async def _leave(self, tick: Tick, why: str, now: float) -> list[str]:
        """Leave a tick to processes that know more; say why nobody made it, when they had their time."""
        since = self._left.setdefault((tick.name, tick.due), now)
        if now - since < FOR_OTHERS:
            return ["early"]
        log.warning("a scheduled document was not submitted", schedule=tick.name, problem=why)
        return await self._give_up(tick, why)


async def submit(
    transport: Asynchronous, calls: ScheduleCalls, registry: Registry, schedule: Schedule, tick: Tick | None
) -> list[str]:
    """Submit what a schedule submits, at a tick or (None) now; answers the words of `lua/tick.lua`.

    Raises:
        UsageError: this process does not know its pipeline, or that does not take the parameters.
    """
    pipeline = registry.named(schedule.pipeline)
    documents = DocumentCalls(Keys())
    moment = await transport.send(documents.time()) if tick is None else tick.at
    submission = _submission(schedule, pipeline, moment)
    call = calls.run_now(schedule.name, submission) if tick is None else calls.run(tick, submission)
    answer = await transport.send(call)
    if answer != ["unknown-pipeline"]:
        return answer
    for unknown in filter(None, (pipeline.on_finish, pipeline)):
        await transport.send(documents.submit(unknown.id, [], plan=unknown.plan))
    failpoint("schedule.known")
    return await transport.send(call)


def _turn(schedule: Schedule, due: float, now: float) -> Turn:
    return turn(schedule.timetable, due, now, schedule.catch_up)


def _submission(schedule: Schedule, pipeline: Pipeline, moment: float) -> Submission:
    limit = pipeline.deadline if schedule.deadline is None else schedule.deadline
    value, unwanted = schedule.input_for(pipeline, moment)
    return Submission(pipeline.id, new_id(), value, limit, unwanted)
