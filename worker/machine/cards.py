"""The cards of this machine, by NVIDIA's management library; nothing here ever raises for want of one."""

import importlib
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from orchestrator.metrics.vitals import CardVitals


@dataclass(frozen=True)
class Card:
    """A card as the driver tells it.

    Args:
        index: in the order of the bus (`CUDA_DEVICE_ORDER=PCI_BUS_ID`).
        uuid: `GPU-…`, the same after a restart.
        total: bytes of memory.
        free: bytes of it that nobody holds now.
    """

    index: int
    uuid: str
    name: str
    total: int
    free: int


def cards() -> list[Card]:
    """Every card of this machine; none without a driver."""
    nvml = _nvml()
    found: list[Card] = []
    with suppress(Exception):  # a card may be lost at any time
        for index in range(nvml.nvmlDeviceGetCount() if nvml else 0):
            found.append(_card(nvml, index))
    return found


def visible_cards() -> list[Card]:
    """The cards that this process may use, in CUDA's order of them."""
    return chosen(cards(), os.environ.get("CUDA_VISIBLE_DEVICES"))


def chosen(found: list[Card], visible: str | None) -> list[Card]:
    """Those that `CUDA_VISIBLE_DEVICES` leaves: as CUDA does, what follows the first wrong entry is not seen.

    Args:
        visible: indexes or beginnings of UUIDs, comma separated; None leaves all.
    """
    if visible is None:
        return found
    left: list[Card] = []
    for word in visible.split(","):
        card = next((one for one in found if _is_meant(one, word.strip())), None)
        if card is None:
            break
        left.append(card)
    return left


def card_vitals() -> list[CardVitals]:
    """Every card of this machine as it is now; what a driver does not tell of one is left out."""
    nvml = _nvml()
    return [_vitals_of(nvml, card) for card in cards()]


def own_bytes() -> int | None:
    """What this process holds of the visible cards; None where the driver does not tell (in a container, say)."""
    nvml, held = _nvml(), None
    with suppress(Exception):
        for card in visible_cards():
            handle = nvml.nvmlDeviceGetHandleByIndex(card.index)
            for process in nvml.nvmlDeviceGetComputeRunningProcesses(handle):
                if process.pid == os.getpid() and process.usedGpuMemory is not None:
                    held = (held or 0) + int(process.usedGpuMemory)
    return held


def used_bytes() -> int:
    """What all processes together hold of the visible cards."""
    return sum(card.total - card.free for card in visible_cards())


def _is_meant(card: Card, word: str) -> bool:
    return card.index == int(word) if word.isdecimal() else word.startswith("GPU-") and card.uuid.startswith(word)


def _card(nvml: Any, index: int) -> Card:
    handle = nvml.nvmlDeviceGetHandleByIndex(index)
    memory = nvml.nvmlDeviceGetMemoryInfo(handle)
    uuid, name = nvml.nvmlDeviceGetUUID(handle), nvml.nvmlDeviceGetName(handle)
    return Card(index, str(uuid), str(name), int(memory.total), int(memory.free))


def _vitals_of(nvml: Any, card: Card) -> CardVitals:
    told: dict[str, float] = {}
    with suppress(Exception):
        handle = nvml.nvmlDeviceGetHandleByIndex(card.index)
        told["utilization"] = nvml.nvmlDeviceGetUtilizationRates(handle).gpu / 100
        told["power"] = nvml.nvmlDeviceGetPowerUsage(handle) / 1000
        told["celsius"] = float(nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU))
    return CardVitals(card.uuid, card.name, card.total - card.free, card.total, **told)


@cache
def _nvml() -> Any:
    """The library, ready for use; None where there is no driver."""
    with suppress(Exception):
        nvml: Any = importlib.import_module("pynvml")
        nvml.nvmlInit()
        return nvml
    return None
