"""One model: loaded, warmed up and measured; and let go again."""

import time
from dataclasses import dataclass
from typing import Any

from orchestrator.logs import logger, place_of
from orchestrator.models import ModelInfo, Resident
from orchestrator.settings import Settings
from worker.residency.measuring import read
from worker.residency.memory import empty_caches

log = logger(__name__)


@dataclass
class Loaded:
    """A model in memory.

    Args:
        bytes: what counts against the budget.
        seconds: loading and warm-up.
        loaded_at: epoch seconds.
        last_used: epoch seconds.
    """

    info: ModelInfo
    value: Any
    bytes: int
    seconds: float
    loaded_at: float
    last_used: float

    def reported(self, loads: int) -> Resident:
        """As others see it."""
        pinned, seconds = self.info.pin, round(self.seconds, 3)
        return Resident(self.info.name, self.bytes, pinned, self.loaded_at, self.last_used, loads, seconds)


def load(info: ModelInfo, settings: Settings) -> Loaded:
    """Load it, warm it up, and see what it took; what a loader raises passes through."""
    before, began = read(info.runtime), time.monotonic()
    value = info.loader(settings)
    try:
        if hasattr(value, "warm_up"):
            value.warm_up()
    except BaseException:
        _close(info.name, value)
        raise
    after, now = read(info.runtime), time.time()
    size = _counted(info, after.since(before), after.exact)
    loaded = Loaded(info, value, size, time.monotonic() - began, now, now)
    log.info("model loaded", model=info.name, seconds=round(loaded.seconds, 2), bytes=size)
    return loaded


def let_go(leaving: list[Loaded]) -> None:
    """Drop them and give their memory back."""
    for one in leaving:
        value, one.value = one.value, None
        _close(one.info.name, value)
        del value
    if leaving:
        empty_caches()


def _counted(info: ModelInfo, measured: int, exact: bool) -> int:
    """A declared size is believed, unless a card says that it is more."""
    if info.bytes is None:
        return measured
    if exact and measured > info.bytes:
        log.warning("model is larger than it declares", model=info.name, declared=info.bytes, measured=measured)
        return measured
    return info.bytes


def _close(name: str, value: Any) -> None:
    ending = getattr(value, "close", None) or getattr(value, "unload", None)
    try:
        if ending is not None:
            ending()
    except Exception as problem:
        log.warning("model did not close", model=name, error=place_of(problem))
