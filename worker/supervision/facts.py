"""What others may know of a worker: the fields of its record in Redis, for `docmill workers` and the live pages."""

import os
import socket
import time
from collections.abc import Mapping, Sequence

import msgspec
import psutil

from orchestrator.registry import Registry
from worker.machine.cards import cards
from worker.supervision.groups import Group
from worker.supervision.process import SlotProcess

PERIOD = 10.0
"""Seconds between two writings of all of it: Redis may have lost it."""


class Facts:
    """Knows what Redis was told, so that a renewal carries only what is new."""

    def __init__(self, groups: Sequence[Group], registry: Registry) -> None:
        lanes = dict.fromkeys(lane for group in groups for lane in group.lanes)
        self._fixed = {
            "host": socket.gethostname(),
            "pid": str(os.getpid()),
            "started": str(int(psutil.Process().create_time())),
            "slots": str(sum(group.count for group in groups)),
            "lanes": " ".join(lanes),
            "serves": " ".join(registry.ids),
        }
        self._told: dict[str, str] = {}
        self._whole_at = 0.0

    def news(
        self, processes: Sequence[SlotProcess], sizes: Mapping[int, int], standby: int, draining: bool
    ) -> dict[str, str]:
        """What Redis does not know yet; everything from time to time.

        Args:
            sizes: bytes that each process group holds, by pid.
            standby: processes in reserve.
        """
        known = self._fixed | {"standby": str(standby)}
        for process in processes:
            text = _slot(process, sizes.get(process.pid, 0), draining)
            known |= {f"slot.{name.rpartition('/')[2]}": text for name in process.names}
        known |= {field: "" for field in self._told if field.startswith("slot.") and field not in known}
        if time.monotonic() - self._whole_at > PERIOD:
            self._whole_at = time.monotonic()
            self._told = dict.fromkeys(self._told, "?")
            known["cards"] = msgspec.json.encode(cards()).decode()
        return {field: value for field, value in known.items() if self._told.get(field) != value}

    def told(self, news: Mapping[str, str]) -> None:
        """Redis knows it."""
        self._told = {field: value for field, value in {**self._told, **news}.items() if value}

    def ended(self) -> dict[str, str]:
        """What is left to say at the end."""
        gone = dict.fromkeys((field for field in self._told if field.startswith("slot.")), "")
        return gone | {"lanes": "", "serves": "", "standby": "0", "ended": "1"}


def _slot(process: SlotProcess, rss: int, draining: bool) -> str:
    state = "draining" if draining or process.retiring else "starting" if process.ready_at is None else "ready"
    told = {
        "lanes": process.group.lanes, "state": state, "pid": process.pid, "since": int(process.since),
        "rss": rss, "jobs": process.jobs, "deaths": process.deaths, "card": process.place.card,
        "models": msgspec.Raw(process.models.encode()),
    }  # fmt: skip
    return msgspec.json.encode(told).decode()
