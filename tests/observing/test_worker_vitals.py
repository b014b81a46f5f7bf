"""What a worker says of itself over HTTP, and what its runs tell of what they used."""

import socket
import subprocess
import sys
from pathlib import Path

import httpx
from prometheus_client import Metric

from orchestrator.client import Mill
from orchestrator.settings import Settings
from tests.documents.asking import ASKING
from tests.documents.fakes import FakeContext, free_port
from tests.documents.llm_server import completion, faulty_server
from tests.documents.reading import read_pages
from tests.support.faults import FAULTS
from tests.support.figures import scraped, value, values
from tests.support.modelled import MODELLED
from tests.support.server import Server
from tests.support.workers import ROOT, running_worker, wait_until
from worker.spending import Spent, counting


def connect(server: Server, folder: Path, pipelines: str) -> Mill:
    """A client of these pipelines."""
    settings = Settings(redis_url=server.url, data_dir=folder / "data", pipelines=tuple(pipelines.split(",")))
    return Mill.connect(server.url, settings)


def scrape(address: str) -> dict[str, Metric]:
    """What is there, as Prometheus reads it."""
    return scraped(httpx.get(address).text)


async def test_slots_models_and_memory(server: Server, tmp_path: Path) -> None:
    """Two models, room for one: each load is measured, each eviction counted, and the process' memory is there."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/metrics"
    options = {"vram_budget": "150MB", "affinity": "0", "standby": "0", "metrics_port": str(port)}
    async with connect(server, tmp_path, MODELLED) as mill:
        documents = [await mill.submit(("reading", "seeing")[i % 2], {"seconds": 0.0}) for i in range(6)]
        with running_worker(server.url, tmp_path, slots="gpu*1 cpu*2", pipelines=MODELLED, **options):
            for document in documents:
                assert (await mill.wait(document, 60)).status == "succeeded"
            loads = "docmill_model_load_seconds"

            def loaded() -> float:
                return sum(n for _, n in values(scrape(address)[loads], f"{loads}_count"))

            wait_until(lambda: loaded() == 6, "the slot has told of six loads")
            found = scrape(address)
    assert sum(n for _, n in values(found["docmill_model_evictions"], "docmill_model_evictions_total")) == 5
    assert value(found["docmill_worker_model_resident"], model="shapes") == 1
    assert {labels["group"]: n for labels, n in values(found["docmill_worker_slots"])} == {"gpu": 1, "cpu": 2}
    assert value(found["docmill_worker_memory_bytes"], group="gpu") > 10_000_000
    assert next(values(found["docmill_worker_supervisor_process_resident_memory_bytes"]))[1] > 10_000_000
    renewals = "docmill_worker_redis_call_seconds"
    assert next(values(found[renewals], f"{renewals}_count"))[1] > 0


def test_a_port_that_is_taken_is_said_plainly(server: Server, tmp_path: Path) -> None:
    """One line, with the setting's name, and exit code 2."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        environment = {"DOCMILL_REDIS_URL": server.url, "DOCMILL_METRICS_PORT": str(number), "PATH": ""}
        environment |= {"DOCMILL_DATA_DIR": str(tmp_path), "DOCMILL_PIPELINES": MODELLED}
        command = [sys.executable, "-P", "-m", "worker"]
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert f"127.0.0.1:{number}" in ended.stderr and "DOCMILL_METRICS_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_tokens_are_counted_once_with_the_call_that_ends_the_run(server: Server, tmp_path: Path) -> None:
    """As the server told them, by kind; a name that would not be one word becomes one."""
    usage = {"prompt_tokens": 120, "completion_tokens": 7, "total_tokens": 127}
    usage |= {"prompt_tokens_details": {"cached_tokens": 64}}
    async with connect(server, tmp_path, ASKING) as mill:
        with faulty_server() as llm:
            llm.answer = lambda _: completion("fine") | {"usage": usage}
            options = {"slots": "llm*2", "pipelines": ASKING, "llm_url": llm.url, "llm_model": "org/m:7b"}
            with running_worker(server.url, tmp_path, **options):
                documents = [await mill.submit("asking", {"text": f"question {n}"}) for n in range(3)]
                for document in documents:
                    assert (await mill.wait(document, 60)).status == "succeeded"
        stats = await mill.transport.send(mill.calls.stats())
    told = {name: int(n) for name, n in stats.items() if name.startswith("tokens:")}
    of = "tokens:asking:ask:org/m_7b"
    assert told == {f"{of}:prompt": 360, f"{of}:completion": 21, f"{of}:cached": 192}


async def test_a_batch_is_counted_with_its_size(server: Server, tmp_path: Path) -> None:
    """Three calls of 8, 8 and 4 jobs."""
    async with connect(server, tmp_path, FAULTS) as mill:
        documents = [await mill.submit("together", {"text": f"t{i}"}) for i in range(20)]
        with running_worker(server.url, tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0"):
            for document in documents:
                assert (await mill.wait(document, 60)).status == "succeeded"
        stats = await mill.transport.send(mill.calls.stats())
    sizes = {name.rpartition(":")[2]: int(n) for name, n in stats.items() if name.startswith("batch:together:many:")}
    assert sizes == {"8": 2, "4": 1, "sum": 20}


def test_pages_are_counted_by_how_they_were_read(tmp_path: Path) -> None:
    """Those of a PDF with a text layer of its own."""
    subprocess.run([sys.executable, ROOT / "examples" / "make_samples.py", tmp_path], check=True)
    spent = Spent("document", "ocr")
    with counting(spent):
        ways = [page.how for page in read_pages(FakeContext(Settings(data_dir=tmp_path)), tmp_path / "invoice.pdf")]
    assert ways and set(ways) == {"text-layer"}
    assert spent.used == {"pages:document:text-layer": len(ways)}
