"""Proven, not drawn: Prometheus itself scrapes the real processes under load, and every expression gives something.

What is only there with a card or a vLLM server is recorded, or made up where it is said; all else is what docmill did.
"""

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from grafana.source.alerts import ALERTS
from grafana.source.boards import BOARDS
from grafana.source.recording import RECORDINGS
from orchestrator.calls import DutyCalls
from orchestrator.calls.ends import Done
from orchestrator.connection import Blocking
from orchestrator.keys import Keys
from orchestrator.metrics import usage
from tests.documents.fakes import free_port
from tests.documents.llm_server import completion, faulty_server
from tests.observing.prometheus import Prometheus, needs_prometheus, running_exporter, running_prometheus
from tests.observing.rig import PIPELINES, card_exporter, recorded_exporter, running_api
from tests.support.server import Server, running_server
from tests.support.workers import running_worker, wait_until

pytestmark = [needs_prometheus, pytest.mark.timeout(300)]
USAGE = {
    "prompt_tokens": 120,
    "completion_tokens": 7,
    "total_tokens": 127,
    "prompt_tokens_details": {"cached_tokens": 64},
}
PATIENCE = 60.0
"""Seconds until every expression has something: windows need two scrapes, and the load must have come between them."""


def expressions() -> list[str]:
    """Of every panel, recording rule and alert: of an alert what it watches, which is there whether it fires or not."""
    of_panels = [expression for board in BOARDS for panel in board.panels for expression, _ in panel.queries]
    whole = [*of_panels, *(rule.expr for rule in RECORDINGS), *(rule.name for rule in RECORDINGS)]
    whole += [alert.value for alert in ALERTS]
    return list(dict.fromkeys(one.replace("$lane", ".*").replace("$pipeline", ".*") for one in whole))


def load(api: str) -> None:
    """Documents of every kind: done, failed, refused, cancelled; in batches, with models, with an LLM."""
    with httpx.Client(base_url=f"http://{api}/v1") as client:
        for n in range(6):
            for name, given in (("shouting", {"text": "a b c"}), ("moods", {"text": "again"}), ("together", {"text": "t"}),
                                ("asking", {"text": "why?"}), (("reading", "seeing")[n % 2], {"seconds": 0.0})):  # fmt: skip
                body = {"pipeline": name, "parameters": given, "priority": (1, 5, 9)[n % 3]}
                assert client.post("/documents", json=body).status_code == 202
        body = {"pipeline": "moods", "parameters": {"text": "fatal"}}
        for _ in range(3):
            client.post("/documents", json=body, headers={"Idempotency-Key": '"once"'})
        later = {"pipeline": "moods", "parameters": {"text": "sleep:60"}, "lanes": {"moody": "gpu"}}
        client.post(client.post("/documents", json=later).headers["location"].removeprefix("/v1") + "/cancel")
        client.get("/documents/0-000000000000000000")


def tell_of_a_card(server: Server) -> None:
    """What runs on a card would tell with the calls that end them; there is none here."""
    used = {usage.card("reading", "read"): 1500, usage.pages("document", "ocr"): 3}
    for name, count in used.items():
        server.redis.hincrby(Keys().named("stats"), name, count)
    assert "used" in Done.__struct_fields__


@pytest.fixture(scope="module")
def watched() -> Generator[Prometheus]:
    """Two API processes, a worker, Redis' exporter, and Prometheus, which scrapes them while documents pass."""
    with TemporaryDirectory(prefix="dm") as folder, ExitStack() as stack:
        own = Path(folder)
        server = stack.enter_context(running_server(own, "--maxmemory", "2gb", "--appendonly", "yes"))
        llm = stack.enter_context(faulty_server())
        llm.answer = lambda _: completion("fine") | {"usage": USAGE}
        apis = [stack.enter_context(running_api(server.url, own)) for _ in range(2)]
        port = free_port()
        settings = {
            "slots": "gpu*1 llm*2 cpu*2",
            "pipelines": ",".join(PIPELINES),
            "llm_url": llm.url,
            "llm_model": "m",
        }
        settings |= {"vram_budget": "150MB", "affinity": "0", "metrics_port": str(port)}
        stack.enter_context(running_worker(server.url, own, **settings))
        vllm, dcgm = stack.enter_context(recorded_exporter("vllm", "dcgm"))
        targets = {
            "docmill-api": apis,
            "docmill-worker": [f"127.0.0.1:{port}", stack.enter_context(card_exporter())],
            "redis": [stack.enter_context(running_exporter(server.url))],
            "vllm": [vllm],
            "dcgm": [dcgm],
        }
        (own / "prometheus").mkdir()
        prometheus = stack.enter_context(running_prometheus(own / "prometheus", targets))
        transport = Blocking(server.url)
        transport.send(DutyCalls(Keys()).bound("gpu", {"most": "5000"}))
        tell_of_a_card(server)
        load(apis[0])
        wait_until(lambda: prometheus.query("sum(docmill_step_runs_total)"), "the first runs were scraped")
        load(apis[1])
        tell_of_a_card(server)
        yield prometheus


def test_every_target_and_every_rule_is_well(watched: Prometheus) -> None:
    """With the shipped configuration: both API processes, the worker, Redis."""
    wait_until(lambda: not watched.down(), "every target was scraped")
    wait_until(lambda: not watched.ill(), "every rule was evaluated")


def test_every_expression_gives_something(watched: Prometheus) -> None:
    """Every panel's and every rule's."""
    missing = expressions()

    def still_missing() -> list[str]:
        missing[:] = [one for one in missing if not watched.query(one)]
        return missing

    try:
        wait_until(lambda: not still_missing(), "every expression gives something", PATIENCE)
    finally:
        assert missing == []


def test_two_api_processes_count_once(watched: Prometheus) -> None:
    """A sum over both would say twice as much."""
    submitted = "docmill_documents_submitted_total"

    def of(expression: str) -> float:
        (found,) = watched.query(expression)
        return float(found["value"][1])

    wait_until(lambda: of("count(docmill_dead_letters)") == 2, "both were scraped just now")  # one may have been late
    wait_until(lambda: of(f"sum({submitted})") == 2 * of(f"sum(max without (instance) ({submitted}))") > 0, "twice")
