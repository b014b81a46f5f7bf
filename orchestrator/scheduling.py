"""Recurring submissions, as a client keeps them."""

import asyncio
from collections.abc import Sequence
from functools import cached_property

from orchestrator.calls.schedules import ScheduleCalls
from orchestrator.errors import LaneFull, NotFound, Taken, UsageError
from orchestrator.keys import Keys
from orchestrator.reading import Reading
from orchestrator.registry import Registry
from orchestrator.schedules import Schedule, Scheduled
from orchestrator.schedules.keeping import submit


class Scheduling(Reading):
    """Adds, shows, pauses and removes schedules. Workers and APIs make their ticks."""

    registry: Registry

    @cached_property
    def _schedules(self) -> ScheduleCalls:
        return ScheduleCalls(Keys())

    async def add_schedule(self, schedule: Schedule, *, replace: bool = False) -> str:
        """Submit a pipeline again and again.

        Args:
            replace: whether it takes the place of another definition of its name.

        Returns:
            `added`, `changed`, or `same`: it was there already, and nothing changed.

        Raises:
            UsageError: it could never run, or another definition has its name.
        """
        schedule.check(self.registry.named(schedule.pipeline))
        due = await self._next(schedule)
        calls = self._schedules
        answer = await self.transport.send(
            calls.set(schedule.name, schedule.revision, due, schedule.fields, replace=replace)
        )
        if answer == "differs":
            raise UsageError(
                f"there is another schedule {schedule.name!r}: replace it (--replace), or take another name"
            )
        return answer

    async def schedules(self) -> Sequence[Scheduled]:
        """All of them, the one that is due first first."""
        found = await self.transport.send(self._schedules.first())
        kept = await self.transport.send_all([self._schedules.read(name) for name, _ in found])
        return [Scheduled.of(name, fields, due) for (name, due), fields in zip(found, kept, strict=True) if fields]

    async def schedule(self, name: str) -> Scheduled:
        """One of them.

        Raises:
            NotFound: there is none of that name.
        """
        due, fields = await self.transport.send_all([self._schedules.due(name), self._schedules.read(name)])
        if due is None or not fields:
            raise await self._unknown(name)
        return Scheduled.of(name, fields, due)

    async def schedule_log(self, name: str) -> Sequence[str]:
        """What became of its last ticks, oldest first: `<ms> <word> <document>`."""
        return await self.transport.send(self._schedules.log(name))

    async def remove_schedule(self, name: str) -> None:
        """Submit it no more, and forget it; its documents stay.

        Raises:
            NotFound: there is none of that name.
        """
        fields = await self.transport.send(self._schedules.read(name))
        if not fields:
            raise await self._unknown(name)
        await self.transport.send(self._schedules.remove(name, fields.get("added", "")))

    async def pause_schedule(self, name: str) -> None:
        """Submit nothing until it is resumed.

        Raises:
            NotFound: there is none of that name.
        """
        if await self.transport.send(self._schedules.pause(name)) == "unknown":
            raise await self._unknown(name)

    async def resume_schedule(self, name: str) -> None:
        """Go on with its next tick; those of the pause are not made up for.

        Raises:
            NotFound: there is none of that name.
        """
        due = await self._next((await self.schedule(name)).schedule)
        if await self.transport.send(self._schedules.resume(name, due)) == "unknown":
            raise await self._unknown(name)

    async def run_schedule(self, name: str) -> str:
        """Submit its document now, besides its ticks; also where it is paused.

        Returns:
            The document's id.

        Raises:
            NotFound: there is none of that name. LaneFull: there is no room for it. Taken: its last document has not
                ended, and it does not overlap.
        """
        kept = (await self.schedule(name)).schedule
        word, *document = await submit(self.transport, self._schedules, self.registry, kept, None)
        if word == "full":
            raise LaneFull(document[0])
        if word == "skipped":
            raise Taken(f"schedule {name!r}: {document[0]} has not ended, and overlap is skip", document[0])
        if word == "unknown":
            raise await self._unknown(name)
        return document[0]

    async def _next(self, schedule: Schedule) -> float | None:
        return await asyncio.to_thread(schedule.timetable.after, await self.transport.send(self.calls.time()))

    async def _unknown(self, name: str) -> NotFound:
        names = [other for other, _ in await self.transport.send(self._schedules.first())]
        return NotFound(
            f"there is no schedule {name!r}: " + (f"there are {', '.join(names)}" if names else "add one first")
        )
