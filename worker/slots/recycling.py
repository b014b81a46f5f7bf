"""When a slot process has lived long enough: libraries keep memory that nobody gets back but by their end."""

import psutil

from orchestrator.settings import Settings

SETTLING = 3
"""Jobs after which growth counts: the first ones load what stays."""
MEBIBYTE = 2**20


class Recycling:
    """Counts this process' jobs and its growth."""

    def __init__(self, settings: Settings) -> None:
        self._most_jobs, self._most_growth = settings.recycle_jobs, settings.recycle_growth
        self._process = psutil.Process()
        self.jobs, self._base = 0, 0

    @property
    def ran_out(self) -> bool:
        """Whether this process has ended as many jobs as it may."""
        return 0 < self._most_jobs <= self.jobs

    def why(self) -> str:
        """Why this process should be replaced between two jobs, or nothing."""
        if self.ran_out:
            return f"{self.jobs} jobs"
        if not self._most_growth or self.jobs < SETTLING:
            return ""
        return self._grown(self._process.memory_info().rss)

    def _grown(self, rss: int) -> str:
        self._base = self._base or rss
        grown = rss - self._base
        return f"it has grown by {grown // MEBIBYTE} MiB" if self._most_growth and grown > self._most_growth else ""
