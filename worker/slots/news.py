"""What a slot process says of itself: that it is ready, its models, its jobs, that it has lived long enough."""

import time

import msgspec

from worker.line.status import Status
from worker.residency import Residents
from worker.slots.recycling import Recycling

PERIOD = 1.0
"""Seconds between two lines of the same kind."""


class News:
    """Tells the supervisor what has changed, seldom enough to cost a busy slot nothing."""

    def __init__(self, status: Status, residents: Residents, recycling: Recycling) -> None:
        self._status, self._residents, self._recycling = status, residents, recycling
        self._told_at, self._asked = 0.0, False

    def ready(self) -> None:
        """All that is loaded before the first job is loaded."""
        self._status.tell("ready")
        self._tell()

    def after(self, jobs: int) -> None:
        """So many more jobs have ended."""
        self._recycling.jobs += jobs
        due = time.monotonic() - self._told_at >= PERIOD
        if not self._asked and (due or self._recycling.ran_out) and (why := self._recycling.why()):
            self.outlived(why)
        if due:
            self._tell()

    def idle(self) -> None:
        """Nothing to do just now."""
        self.after(0)

    def outlived(self, why: str) -> None:
        """Ask to be replaced."""
        self._asked = True
        self._status.tell("recycle", why)

    def _tell(self) -> None:
        self._told_at = time.monotonic()
        for words in self._residents.events():
            self._status.tell(*words)
        self._status.tell("jobs", str(self._recycling.jobs))
        self._status.tell("models", msgspec.json.encode(self._residents.report()).decode())
