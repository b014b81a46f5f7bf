"""Alerts of what is beside documents and lanes: models, memory, receivers, a Redis that is slow; cards, LLM servers."""

import shutil
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from orchestrator.calls.hooks import HookCalls
from tests.observing.prometheus import needs_prometheus
from tests.observing.rig import CARD, RECORDED, card_exporter, served
from tests.observing.watching import PATIENCE, Watched, watched
from tests.support.faults import greedy
from tests.support.modelled import reading, seeing
from tests.support.pipelines import moods
from tests.support.workers import wait_until
from worker.pipelines.deliver import deliver

pytestmark = [needs_prometheus, pytest.mark.timeout(300)]
NO_MACHINE_HAS = 2**40
"""Megabytes."""
LOADS = 9
UNSAFE = "http://2130706433:9/told"
"""127.0.0.1, as a name: where it leads is seen when it is visited, and no worker goes there on somebody else's word."""


@pytest.fixture
def mill() -> Generator[Watched]:
    """No worker, and nothing waits."""
    with watched() as found:
        yield found


def submit(mill: Watched) -> int:
    """One document over REST; the status that was answered."""
    body = {"pipeline": "moods", "parameters": {"text": "fine"}}
    return httpx.post(f"http://{mill.api}/v1/documents", json=body, timeout=30).status_code


def test_models_and_memory(mill: Watched) -> None:
    """Two models with room for one, asked for in turn; documents that need more memory than there is."""
    options = {"vram_budget": "150MB", "affinity": "0", "standby": "0", "oom_delay": "0.1"}
    with mill.worker(slots="gpu*1 cpu*1", **options):
        for pipeline in (reading, seeing):
            mill.engine.submit(pipeline, seconds=0.0)
        mill.has('sum(docmill_model_load_seconds_count{model="letters"}) > 0')
        with mill.fires("ModelThrash"):
            for at in range(2 * LOADS):
                mill.engine.submit((reading, seeing)[at % 2], seconds=0.0)
        mill.engine.submit(greedy, megabytes=NO_MACHINE_HAS)
        mill.has('docmill_step_runs_total{step="grow",outcome="memory"}')
        with mill.fires("OutOfMemory", "OutOfMemoryOften"):
            for _ in range(3):
                mill.engine.submit(greedy, megabytes=NO_MACHINE_HAS)


def test_a_receiver_that_is_not_reached(mill: Watched) -> None:
    """Its address is one of the worker's own machine: nothing is sent, and each delivery is given up."""
    told = {"url": UNSAFE, "secret": "whsec_c2VjcmV0", "events": "", "tenant": "acme"}
    mill.engine.transport.send(HookCalls(mill.engine.keys).add("h1", "tenant:acme", deliver.id, told, most=1))
    with mill.worker(slots="cpu*1 hooks*1"):
        mill.engine.submit(moods, text="fine", tenant="acme")
        mill.has('docmill_webhook_deliveries_total{outcome="failed"}')
        with mill.fires("WebhooksFail"):
            mill.engine.submit(moods, text="fine", tenant="acme")


def test_a_redis_that_is_slow_or_cannot_write(mill: Watched) -> None:
    """It stands still for a while; its snapshot fails; it takes no writes since it has too few replicas: nobody can sweep."""
    redis = mill.server.redis
    assert submit(mill) < 300
    mill.has('docmill_http_request_duration_seconds_count{route="/v1/documents"}')
    with mill.fires("ApiSlow"):
        redis.client_pause(1_600)
        assert submit(mill) < 300
    in_the_way = (
        mill.folder / "dump.rdb" / "held"
    )  # root may write everywhere, but nobody puts a file where a folder is
    in_the_way.mkdir(parents=True)
    with mill.fires("RedisPersistenceFails"):
        redis.bgsave()
    with mill.fires("LeasesOverdue"):
        mill.engine.slot(lanes=("cpu",)).take()
        leases = mill.engine.keys.named("leases")
        ((job, _),) = redis.zrange(leases, 0, -1, withscores=True)
        both = redis.pipeline(transaction=True)
        both.zincrby(leases, -100_000, job)
        both.config_set("min-replicas-to-write", 1)
        both.execute()


def test_a_redis_that_is_gone() -> None:
    """Its own alert, and that of the API, whose requests fail: it goes on telling of them without Redis."""
    with watched(slow=["docmill-api"]) as mill:
        assert submit(mill) < 300
        mill.has('docmill_http_request_duration_seconds_count{route="/v1/documents"}')
        with mill.fires("RedisDown", "ApiFails"):
            mill.server.kill()
            wait_until(
                lambda: submit(mill) == 503 and "ApiFails" in mill.prometheus.firing(), "clients go on", PATIENCE
            )


def test_cards_and_llm_servers(tmp_path: Path) -> None:
    """What they tell is a recording in which a figure is wrong; there is none of them here."""
    files = {name: Path(shutil.copy(RECORDED / f"{name}.prom", tmp_path)) for name in ("vllm", "dcgm")}
    cards = [CARD]
    with ExitStack() as stack:
        exporter = stack.enter_context(card_exporter(cards))
        addresses = {name: [stack.enter_context(served(file))] for name, file in files.items()}
        mill = stack.enter_context(watched(**addresses, cards=[exporter]))
        mill.has("docmill_gpu_temperature_celsius")
        with mill.fires("GpuTooHot"):
            cards[0] = replace(CARD, celsius=91.0)
        mill.has("vllm:num_preemptions_total")
        with mill.fires("LlmPreempts"):
            spoil(files["vllm"], "vllm:num_preemptions_total", 900)
        mill.engine.submit(moods, text="fine", lanes={"moody": "llm"})
        mill.has('lane:docmill_lane_ready:sum{lane="llm"} == 1')
        mill.engine.slot().take()
        with mill.fires("LlmQueues"):
            spoil(files["vllm"], "vllm:num_requests_waiting", 5)
        with mill.fires("GpuXid"):
            spoil(files["dcgm"], "DCGM_FI_DEV_XID_ERRORS", 79)


def spoil(file: Path, series: str, value: float) -> None:
    """From now on it tells that value of a series; the file is replaced whole, as it may be read at any moment."""
    lines = file.read_text().splitlines()
    spoilt = [f"{line.rpartition(' ')[0]} {value}" if line.startswith(f"{series}{{") else line for line in lines]
    assert spoilt != lines, f"{file.name} has no {series}"
    file.with_suffix(".new").write_text("\n".join(spoilt) + "\n")
    file.with_suffix(".new").replace(file)
