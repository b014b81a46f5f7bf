"""Which workers are alive, now: sooner told than by a lease that runs out."""

import os
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestrator.client import Mill

SILENT = 5.0
"""Seconds: a worker renews its leases each second."""


async def live_workers(mill: "Mill") -> list[dict[str, str]]:
    """The records of the workers that renewed a moment ago and have not ended."""
    now, ids = await mill.transport.send_all([mill.calls.time(), mill.calls.workers()])
    records = await mill.transport.send_all([mill.calls.worker(worker) for worker in ids])
    return [record for record in records if _is_alive(record, now)]


def _is_alive(record: dict[str, str], now: float) -> bool:
    if "ended" in record or int(record.get("renewed", 0)) / 1000 < now - SILENT:
        return False
    # A worker of this machine that was just killed is not waited for.
    return record.get("host") != socket.gethostname() or _exists(int(record.get("pid", 0)))


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
