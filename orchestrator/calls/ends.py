"""How a run ended: what complete and fail are told of it."""

from collections.abc import Mapping, Sequence

import msgspec

from orchestrator.calls.leased import Leased


class Done(msgspec.Struct, frozen=True):
    """A job that succeeded: its output, or the length and the first items of the list that it made.

    Args:
        unwanted: of the steps that the output decides on, those that are left out.
        cached: the step did not run: its output was kept from before.
        used: what the run used, as `orchestrator.metrics.usage` names it.
    """

    job: Leased
    output: bytes = b""
    length: int = -1
    items: Sequence[bytes] = ()
    unwanted: Sequence[str] = ()
    cached: bool = False
    used: Mapping[str, int] = {}

    @property
    def more(self) -> str:
        """What there is to say beside a plain output; mostly nothing."""
        if self.length < 0 and not self.unwanted and not self.cached and not self.used:
            return ""
        source, unwanted = "kept" if self.cached else "ran", ",".join(self.unwanted)
        return f"{self.length} {len(self.items)} {source} {unwanted} {counted(self.used)}"


class Failed(msgspec.Struct, frozen=True):
    """A job that did not succeed.

    Args:
        how: `attempt`, `fatal`, `wait`, `release` or `memory`, as in `lua/fail.lua`.
        delay: seconds until it may run again.
        error: the error's class, for people and metrics.
        why: what is logged.
        used: as in `Done`.
    """

    job: Leased
    how: str
    delay: float
    error: str
    why: str
    used: Mapping[str, int] = {}


def counted(used: Mapping[str, int]) -> str:
    """As the scripts read it: `<counter>=<number>,…`."""
    return ",".join(f"{name}={count}" for name, count in used.items())
