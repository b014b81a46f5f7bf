"""A worker's own metrics: served over HTTP by a thread of the supervisor, which reads what the loop has left for it."""

import socket
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
from prometheus_client import CollectorRegistry, start_http_server

from orchestrator.errors import UsageError
from orchestrator.metrics.of_worker import WorkerMetrics
from orchestrator.metrics.vitals import GroupVitals, WorkerVitals
from orchestrator.models import Resident
from orchestrator.settings import Settings
from worker.machine.cards import card_vitals
from worker.supervision.process import SlotProcess


class Vitals:
    """Of one worker.

    Args:
        worker: its id.
    """

    def __init__(self, worker: str) -> None:
        self._worker, self._host = worker, socket.gethostname()
        self.metrics = WorkerMetrics(card_vitals)

    def serve(self, settings: Settings) -> None:
        """Answer at the port that the settings name, if they do.

        Raises:
            UsageError: it is taken, or the address is not this machine's.
        """
        if settings.metrics_port is None:
            return
        registry = CollectorRegistry()
        registry.register(self.metrics)
        try:
            start_http_server(settings.metrics_port, settings.metrics_host, registry)
        except OSError as problem:
            place = f"{settings.metrics_host}:{settings.metrics_port}"
            told = f"the worker's metrics cannot be served at {place}: {problem.strerror or problem}"
            raise UsageError(f"{told}; give each worker of a machine its own DOCMILL_METRICS_PORT") from None

    def look(
        self, processes: Sequence[SlotProcess], sizes: Mapping[int, int], busy: Mapping[str, bool], standby: int
    ) -> None:
        """Leave what is so now.

        Args:
            sizes: bytes that each process holds, by pid. busy: whether a slot holds a job, by name.
        """
        groups: dict[str, GroupVitals] = {}
        counts, bytes = Counter[str](), Counter[str]()
        for process in processes:
            before = groups.get(process.group.name, GroupVitals())
            groups[process.group.name] = GroupVitals(
                before.slots + len(process.names),
                before.busy + sum(busy.get(name, False) for name in process.names),
                before.bytes + sizes.get(process.pid, 0),
            )
            for model in _models(process):
                counts[model.name] += 1
                bytes[model.name] += model.bytes
        models = {name: (count, bytes[name]) for name, count in counts.items()}
        self.metrics.publish(WorkerVitals(self._worker, self._host, groups, standby, models))

    def hear(self, words: Sequence[str]) -> bool:
        """Take in what a process said, if it is about models that came or went; returns whether it is."""
        match words:
            case ["loaded", model, seconds]:
                self.metrics.loaded(model, float(seconds))
            case ["evicted", model]:
                self.metrics.evicted(model)
            case _:
                return False
        return True


def _models(process: SlotProcess) -> list[Resident]:
    try:
        return msgspec.json.decode(process.models, type=list[Resident])
    except msgspec.DecodeError:
        return []
