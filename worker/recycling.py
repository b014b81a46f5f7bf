"""When a slot process has lived long enough: libraries keep memory that nobody gets back but by their end."""

import time

import psutil

from orchestrator.settings import Settings

LOOK = 1.0
"""Seconds between two looks at this process' memory."""
SETTLING = 3
"""Jobs after which growth counts: the first ones load what stays."""
MEBIBYTE = 2**20


class Recycling:
    """Counts this process' jobs and its growth."""

    def __init__(self, settings: Settings) -> None:
        self._most_jobs, self._most_growth = settings.recycle_jobs, settings.recycle_growth
        self._process = psutil.Process()
        self.jobs, self._base, self._looked_at = 0, 0, 0.0

    def after(self, jobs: int) -> str:
        """Why this process should be replaced now that it has ended so many more jobs, or nothing."""
        self.jobs += jobs
        if self._most_jobs and self.jobs >= self._most_jobs:
            return f"{self.jobs} jobs"
        now = time.monotonic()
        if not self._most_growth or self.jobs < SETTLING or now - self._looked_at < LOOK:
            return ""
        self._looked_at = now
        return self._grown(self._process.memory_info().rss)

    def _grown(self, rss: int) -> str:
        self._base = self._base or rss
        grown = rss - self._base
        return f"it has grown by {grown // MEBIBYTE} MiB" if self._most_growth and grown > self._most_growth else ""
