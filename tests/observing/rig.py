"""Real processes to watch: Redis, API processes, a worker, exporters; and documents of every kind that pass through them."""

import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
from prometheus_client import CollectorRegistry, start_http_server

from orchestrator.metrics.of_worker import WorkerMetrics
from orchestrator.metrics.vitals import CardVitals
from tests.documents.fakes import free_port
from tests.support.workers import ROOT, wait_until
from worker.testing.tied import tied

PIPELINES = (
    "tests.support.pipelines:shouting", "tests.support.pipelines:moods", "tests.support.faults:together",
    "tests.support.modelled:reading", "tests.support.modelled:seeing", "tests.documents.asking:asking",
)  # fmt: skip
RECORDED = Path(__file__).parent / "recorded"
CARD = CardVitals("GPU-5c8b2f1a", "NVIDIA H100 80GB HBM3", 61 * 2**30, 80 * 2**30, 0.87, 512.0, 61.0)
"""There is no card here: what a driver would tell is made up; how it is told is the worker's own code."""


@contextmanager
def running_api(redis_url: str, folder: Path, **settings: str) -> Generator[str]:
    """An API process; its address."""
    port = free_port()
    environment = {"DOCMILL_REDIS_URL": redis_url, "DOCMILL_DATA_DIR": str(folder / "data"), "PATH": ""}
    environment |= {"DOCMILL_PIPELINES": ",".join(PIPELINES), "EFFECTS": str(folder / "effects")}
    environment |= {f"DOCMILL_{name.upper()}": value for name, value in settings.items()}
    command = tied([sys.executable, "-m", "api", "--port", str(port)])
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(partial(_answers, f"http://127.0.0.1:{port}/healthz"), "the API answers")
            yield f"127.0.0.1:{port}"
        finally:
            process.kill()


@contextmanager
def recorded_exporter(*names: str) -> Generator[Sequence[str]]:
    """What vLLM and NVIDIA's exporter told once, over HTTP: an address for each."""
    with ExitStack() as stack:
        yield [stack.enter_context(served(RECORDED / f"{name}.prom")) for name in names]


@contextmanager
def card_exporter(cards: Sequence[CardVitals] = (CARD,)) -> Generator[str]:
    """A worker's own exporter on a machine that has those cards; what is in the sequence may change."""
    registry, port = CollectorRegistry(), free_port()
    registry.register(WorkerMetrics(lambda: cards))
    server, _ = start_http_server(port, "127.0.0.1", registry)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def served(file: Path) -> Generator[str]:
    """A file over HTTP, as it is at each request; its address."""

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            text = file.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: a test's output is the test's."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def _answers(address: str) -> bool:
    try:
        return httpx.get(address).status_code == 200
    except httpx.TransportError:
        return False
