"""How much memory a model took: read before and after it is loaded."""

import importlib
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil

from worker.machine import cards


@dataclass(frozen=True)
class Reading:
    """Memory that is held at a moment.

    Args:
        bytes: as far as this process is known to hold them.
        shared: bytes that all processes hold of the card.
        exact: whether nothing but models counts in it; the host's memory also grows by libraries and leavings.
    """

    bytes: int | None
    shared: int = 0
    exact: bool = True

    def since(self, before: "Reading") -> int:
        """Bytes that came since, never below 0. Where the driver tells nothing of one process, all of them count."""
        grown = self.shared - before.shared if self.bytes is None else self.bytes - (before.bytes or 0)
        return max(0, grown)


def read(runtime: str) -> Reading:
    """What is held now, as far as a model of that runtime would show in it.

    A model without a runtime shows only where the driver tells what this process holds: on a card of several
    processes, the others' memory is not its own.
    """
    torch = _torch(runtime)
    if torch is not None and torch.cuda.is_available():
        return Reading(sum(torch.cuda.memory_allocated(i) for i in range(torch.cuda.device_count())))
    if torch is None and cards.visible_cards():
        own = cards.own_bytes()
        return Reading(own, cards.used_bytes()) if runtime else Reading(own or 0)
    return Reading(psutil.Process().memory_info().rss, exact=False)


def card_memory() -> int | None:
    """Bytes of the first visible card; None where there is none."""
    if visible := cards.visible_cards():
        return visible[0].total
    torch: Any = sys.modules.get("torch")
    with suppress(Exception):
        return int(torch.cuda.mem_get_info()[1]) if torch.cuda.is_available() else None
    return None


def host_memory() -> int:
    """Bytes of this machine."""
    return int(psutil.virtual_memory().total)


def _torch(runtime: str) -> Any:
    """Torch, for a model of torch: imported before the first reading, lest the library counts as the model's."""
    if runtime != "torch":
        return None
    with suppress(ImportError):
        return importlib.import_module("torch")
    return None
