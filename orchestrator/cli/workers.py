"""Which workers are alive, now: sooner told than by a lease that runs out."""

import os
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestrator.client import Mill
    from orchestrator.registry import Registry

SILENT = 5.0
"""Seconds: a worker renews its leases each second."""


async def live_workers(mill: "Mill") -> list[dict[str, str]]:
    """The records of the workers that renewed a moment ago and have not ended."""
    now, ids = await mill.transport.send_all([mill.calls.time(), mill.calls.workers()])
    records = await mill.transport.send_all([mill.calls.worker(worker) for worker in ids])
    return [record for record in records if _is_alive(record, now)]


def serve_all(alive: "Sequence[Mapping[str, str]]", registry: "Registry") -> bool:
    """Whether these workers together know every pipeline and serve every lane of its steps."""
    pipelines = [registry.named(name) for name in registry.names]
    wanted = {("serves", pipeline.id) for pipeline in pipelines}
    wanted |= {("lanes", call.step.lane) for pipeline in pipelines for call in pipeline.calls.values()}
    served = {
        (field, word) for record in alive for field in ("serves", "lanes") for word in record.get(field, "").split()
    }
    return bool(alive) and wanted <= served


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
