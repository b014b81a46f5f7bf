"""What `docmill top` shows: read anew for each picture."""

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from orchestrator.outlook.figures import read_figures
from orchestrator.views import Document, view_document
from orchestrator.workforce import Workforce

if TYPE_CHECKING:
    from orchestrator.client import Mill

FAILURES = 5
WINDOW = 60.0
"""Seconds that a rate is taken over: over one alone it would jump."""


@dataclass(frozen=True)
class Scene:
    """One moment.

    Args:
        failures: the newest of the documents that failed.
        rate: documents that ended a minute; None at the first look.
        trouble: why this is older than it should be.
    """

    workforce: Workforce
    failures: list[Document]
    rate: float | None
    trouble: str = ""

    def troubled(self, why: str) -> "Scene":
        """The same, with what hinders a newer one."""
        return replace(self, trouble=why)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        found = self.workforce
        told: dict[str, Any] = {"workers": found.workers, "lanes": found.lanes, "failures": self.failures}
        told |= {"running": found.snapshot.leases, "delayed": found.snapshot.delayed}
        return msgspec.to_builtins(told)


class Looking:
    """Reads one scene after the other."""

    def __init__(self, mill: "Mill") -> None:
        self._mill = mill
        self._ended: deque[tuple[float, int]] = deque()

    async def look(self) -> Scene:
        """The scene as it is now."""
        found = (await read_figures(self._mill.transport, self._mill.settings.lease)).workforce
        return Scene(found, await self._failures(), self._rate(found))

    async def _failures(self) -> list[Document]:
        calls, send_all = self._mill.calls, self._mill.transport.send_all
        (ids,) = await send_all([calls.by_status("failed", FAILURES)])
        found = await send_all([*map(calls.head, ids), *map(calls.log, ids)])
        both = zip(ids, found[: len(ids)], found[len(ids) :], strict=True)
        # The log has the error's text; a document that was purged meanwhile has neither.
        return [view_document(document, head, {}, {}, {}, log) for document, head, log in both if head]

    def _rate(self, found: Workforce) -> float | None:
        stats, now = found.snapshot.stats, found.snapshot.now
        ended = sum(count for name, count in stats.items() if name.startswith("finished:"))
        if self._ended and self._ended[-1][1] > ended:
            self._ended.clear()  # another Redis, or one that was emptied
        while self._ended and self._ended[0][0] < now - WINDOW:
            self._ended.popleft()
        self._ended.append((now, ended))
        began, first = self._ended[0]
        return (ended - first) / (now - began) * 60 if now > began else None
