"""A small docmill under Prometheus' eyes, for one fault after another; its alerts do not wait for their `for`."""

from collections.abc import Collection, Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.documents.fakes import free_port
from tests.observing.prometheus import Prometheus, running_exporter, running_prometheus
from tests.observing.rig import running_api
from tests.support.engine import Engine
from tests.support.faults import faulty, greedy
from tests.support.modelled import MODELLED, reading, seeing
from tests.support.pipelines import moods
from tests.support.server import Server, running_server
from tests.support.workers import Worker, running_worker, wait_until
from worker.pipelines.deliver import deliver

LEASE = "3"
"""Seconds."""
PATIENCE = 60.0
"""Seconds until an alert fires: what grows needs two scrapes, and a process that dies some seconds for its successor."""
PIPELINES = f"tests.support.pipelines:moods,tests.support.faults:faulty,tests.support.faults:greedy,{MODELLED}"


@dataclass
class Watched:
    """Redis and its exporter, an API process, Prometheus; no worker.

    Args:
        api: its address.
    """

    server: Server
    engine: Engine
    api: str
    prometheus: Prometheus
    folder: Path
    _port: int

    def worker(self, **settings: str) -> AbstractContextManager[Worker]:
        """One that Prometheus scrapes."""
        told = {"pipelines": PIPELINES, "lease": LEASE, "metrics_port": str(self._port), **settings}
        return running_worker(self.server.url, self.folder, **told)

    def is_scraped(self) -> bool:
        """Whether Prometheus knows how it stands: of the API, and of Redis."""
        return all(self.prometheus.query(series) for series in ("docmill_dead_letters", "redis_up == 1"))

    def has(self, series: str) -> None:
        """Wait until Prometheus has it: of what was never 0 it sees no increase."""
        wait_until(lambda: self.prometheus.query(series), f"{series} was scraped")

    @contextmanager
    def fires(self, *alerts: str) -> Generator[None]:
        """What is done inside makes these alerts fire, which did not before; a busy machine may have been late meanwhile."""
        wait_until(lambda: not self.prometheus.firing() & set(alerts), f"{alerts} do not fire yet", PATIENCE)
        yield
        wait_until(lambda: self.prometheus.firing() >= set(alerts), f"{alerts} fire", PATIENCE)


@contextmanager
def watched(slow: Collection[str] = (), **beside: Sequence[str]) -> Generator[Watched]:
    """A new one. Redis has a limit and an append-only file, as it should.

    Args:
        slow: jobs that are given time to answer a scrape.
        beside: what else is scraped: addresses by job.
    """
    with TemporaryDirectory(prefix="dm") as name, ExitStack() as stack:
        folder, port = Path(name), free_port()
        server = stack.enter_context(running_server(folder, "--maxmemory", "2gb", "--appendonly", "yes"))
        api = stack.enter_context(running_api(server.url, folder, lease=LEASE))
        exporter = stack.enter_context(running_exporter(server.url))
        targets = {"docmill-api": [api], "docmill-worker": [f"127.0.0.1:{port}"], "redis": [exporter], **beside}
        (folder / "prometheus").mkdir()
        prometheus = stack.enter_context(running_prometheus(folder / "prometheus", targets, "0s", slow))
        engine = Engine(server, moods, faulty, greedy, reading, seeing, deliver, lease=float(LEASE))
        found = Watched(server, engine, api, prometheus, folder, port)
        wait_until(found.is_scraped, "all was scraped")
        yield found
