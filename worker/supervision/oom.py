"""Did the kernel kill something for want of memory? Its own count says so."""

from pathlib import Path

CGROUP = Path("/sys/fs/cgroup/memory.events")
MACHINE = Path("/proc/vmstat")


class KernelKills:
    """Watches the kernel's count, of this container or else of this machine."""

    def __init__(self) -> None:
        self._path = CGROUP if CGROUP.exists() else MACHINE
        self._count = self._read()

    def killed(self) -> bool:
        """Whether anything was killed since the last time that this was asked."""
        before, self._count = self._count, self._read()
        return self._count > before

    def _read(self) -> int:
        try:
            lines = self._path.read_text().splitlines()
        except OSError:
            return 0
        return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)
