"""Who has to leave, so that another model fits: pure."""

from collections.abc import Collection, Mapping

from orchestrator.budget import readable_bytes
from orchestrator.errors import TooLarge, Unavailable
from worker.residency.loading import Loaded


class Room:
    """What is resident at a moment, and who uses it.

    Args:
        loaded: by name, the least recently used first.
        used: by any job.
        own: by the job that asks.
    """

    def __init__(self, loaded: Mapping[str, Loaded], used: Collection[str], own: Collection[str]) -> None:
        self._loaded, self._used, self._own = loaded, used, own

    def idle(self) -> list[Loaded]:
        """Who may be evicted."""
        return self._without(self._used)

    def victims(self, name: str, needed: int, limit: int) -> list[Loaded]:
        """Whom to evict, so that `needed` bytes fit into `limit`; the least recently used first, no more than must be.

        Raises:
            TooLarge: it would not fit even so, nor when other jobs have ended.
            Unavailable: other jobs use what would have to leave.
        """
        missing = self._bytes() + needed - limit
        idle = [one for one in self.idle() if one.bytes]
        if missing > sum(one.bytes for one in idle):
            raise self._refusal(name, needed, limit)
        victims: list[Loaded] = []
        while missing > 0:
            victims.append(idle.pop(0))
            missing -= victims[-1].bytes
        return victims

    def _refusal(self, name: str, needed: int, limit: int) -> TooLarge | Unavailable:
        figures = f"model {name!r} needs {readable_bytes(needed)} of a budget of {readable_bytes(limit)}"
        if needed > limit:
            return TooLarge(f"{figures}: raise DOCMILL_VRAM_BUDGET, or use a smaller model")
        text = f"{figures}, and there is no room beside {self._kept()}"
        lasting = self._bytes() - sum(one.bytes for one in self._without(self._own))
        return Unavailable(text) if lasting + needed <= limit else TooLarge(f"{text}: raise DOCMILL_VRAM_BUDGET")

    def _kept(self) -> str:
        idle = {one.info.name for one in self.idle()}
        kept = [one for name, one in self._loaded.items() if one.bytes and name not in idle]
        return ", ".join(
            f"{one.info.name} ({readable_bytes(one.bytes)}, {'pinned' if one.info.pin else 'in use'})" for one in kept
        )

    def _without(self, used: Collection[str]) -> list[Loaded]:
        return [one for name, one in self._loaded.items() if name not in used and not one.info.pin]

    def _bytes(self) -> int:
        return sum(one.bytes for one in self._loaded.values())
