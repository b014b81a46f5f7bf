"""Metrics: made of what Redis counted and holds, and nothing else."""

import httpx
import pytest

from orchestrator.metrics.counters import COUNTERS
from orchestrator.metrics.exposing import exposition
from orchestrator.metrics.histograms import HISTOGRAMS, MILLISECONDS
from orchestrator.metrics.stats import COUNTED, OBSERVED
from orchestrator.outlook.spans import Range
from tests.support.engine import Engine
from tests.support.figures import figures, lane, scraped, value, values
from tests.support.pipelines import chain, shouting

STATS = {
    "submitted:chain:5": 3,
    "submitted:chain:9": 1,
    "finished:chain:succeeded": 2,
    "ended:chain:one:retry": 4,
    "errors:chain:one": 1,
    "errors:chain:one:ValueError:retry": 4,
    "run:chain:one:1": 1,
    "run:chain:one:8": 2,
    "run:chain:one:1073741824": 1,
    "run:chain:one:sum": 2015,
    "batch:chain:one:4": 1,
    "batch:chain:one:sum": 3,
    "card:chain:one": 1500,
    "purged": 2,
    "of:a:later:version": 7,
    "submitted:odd": 7,
}


def test_counters_and_their_labels() -> None:
    """By pipeline and priority, outcome, step; what is not known is left out."""
    found = scraped(exposition(figures(STATS)))
    submitted = {labels["priority"]: count for labels, count in values(found["docmill_documents_submitted"])}
    assert submitted == {"5": 3, "9": 1}
    assert value(found["docmill_documents_finished"], pipeline="chain", outcome="succeeded") == 2
    runs = {labels["outcome"]: count for labels, count in values(found["docmill_step_runs"])}
    assert (runs["retry"], runs["done"], runs["poison"]) == (4, 4, 0)
    assert value(found["docmill_step_errors"], error_class="ValueError", outcome="retry") == 4
    assert value(found["docmill_gpu_seconds"], step="one") == 1.5
    assert value(found["docmill_documents_purged"]) == 2
    assert value(found["docmill_documents_in_progress"], pipeline="chain") == 2


def test_a_counter_is_there_before_its_first_event() -> None:
    """Prometheus sees no increase in a series that begins above 0: an alert would miss the first failure."""
    found = scraped(exposition(figures({"submitted:chain:5": 1, "wait:chain:one:5:1": 1}, lane("gpu"))))
    assert value(found["docmill_documents_finished"], pipeline="chain", outcome="failed") == 0
    assert value(found["docmill_step_runs"], step="one", outcome="memory") == 0
    assert value(found["docmill_lease_expirations"], lane="gpu") == 0
    assert value(found["docmill_slot_processes_ended"], cause="died") == 0


def test_histograms_are_cumulative_in_seconds() -> None:
    """Every series has the whole ladder and +Inf; what is beyond the ladder is in +Inf only."""
    found = scraped(exposition(figures(STATS)))
    family = found["docmill_step_run_seconds"]
    buckets = {labels["le"]: count for labels, count in values(family, "docmill_step_run_seconds_bucket")}
    assert len(buckets) == len(MILLISECONDS) + 1
    assert [buckets[le] for le in ("0.001", "0.004", "0.008", "16777.216", "+Inf")] == [1, 1, 3, 3, 4]
    assert next(values(family, "docmill_step_run_seconds_count"))[1] == 4
    assert next(values(family, "docmill_step_run_seconds_sum"))[1] == pytest.approx(2.015)
    batches = dict(zip(("sum", "count"), (next(values(found["docmill_batch_size"], f"docmill_batch_size_{w}"))[1]
                                          for w in ("sum", "count")), strict=True))  # fmt: skip
    assert batches == {"sum": 3, "count": 1}


def test_gauges() -> None:
    """What is there now; what is not known is left out, rather than told as 0."""
    drains = Range(9.0, 10.0, 12.0)
    gpu = lane("gpu", ready=7, by_priority=[0, 0, 0, 0, 7, 0, 0, 0, 0, 0], work=70.5, drains=drains, basis="7 jobs")
    found = scraped(exposition(figures({}, gpu, lane("llm", basis="no run"), leases=2, delayed=3, overdue=1.5)))
    ready = found["docmill_lane_ready"]
    assert (value(ready, lane="gpu", priority="5"), value(ready, lane="gpu", priority="9")) == (7, 0)
    assert value(found["docmill_lane_backlog_seconds"], lane="gpu") == 70.5
    assert value(found["docmill_lane_drain_seconds"], lane="gpu", share="0.9") == 12
    assert [labels for labels, _ in values(found["docmill_lane_backlog_seconds"]) if labels["lane"] == "llm"] == []
    names = ("leases", "delayed", "leases_overdue_seconds", "dead_letters", "build_info")
    assert [next(values(found[f"docmill_{name}"]))[1] for name in names] == [2, 3, 1.5, 0, 1]


def test_the_tables_agree() -> None:
    """A kind of field of `stats` has as many words as its family has labels."""
    assert {kind: len(family.labels) for kind, family in COUNTERS.items()} == COUNTED
    assert {kind: len(family.labels) for kind, family in HISTOGRAMS.items()} == OBSERVED


def test_names_follow_the_rules() -> None:
    """One prefix, a unit where there is one, help for each, and no label that has no end."""
    bounded = {"pipeline", "priority", "outcome", "step", "lane", "le", "version", "reason", "error_class", "verdict"}
    bounded |= {"cause", "model", "kind", "way", "status", "state", "share"}
    for family in scraped(exposition(figures(STATS, lane("gpu")))).values():
        assert family.name.startswith("docmill_")
        assert family.documentation.endswith(".")
        assert family.type != "histogram" or family.name.endswith(("_seconds", "_size"))
        assert {name for sample in family.samples for name in sample.labels} <= bounded


async def test_a_scrape_agrees_with_what_happened(client: httpx.AsyncClient, engine: Engine) -> None:
    """Counted in the scripts of the transitions: exactly, whoever is asked."""
    documents = [engine.submit(chain, text="x") for _ in range(3)]
    engine.submit(shouting, text="x", delay=60)
    slot = engine.slot()
    slot.fail(slot.take())
    slot.work_off()
    engine.submit(chain, text="x")
    held = slot.take()
    engine.submit(chain, text="x")
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found = scraped(answer.text)
    assert value(found["docmill_documents_finished"], pipeline="chain", outcome="succeeded") == len(documents)
    wait = "docmill_step_wait_seconds"
    waits = {(labels["step"], labels["priority"]): n for labels, n in values(found[wait], f"{wait}_count")}
    assert waits["one", "5"] == 4
    assert ("four", "5") not in waits, "what is taken as it becomes ready has not waited"
    runs = {(labels["step"], labels["outcome"]): n for labels, n in values(found["docmill_step_runs"])}
    assert (runs["one", "retry"], runs["one", "done"]) == (1, 3)
    assert value(found["docmill_step_redeliveries"], step="one") == 1
    assert value(found["docmill_lane_ready"], lane="cpu", priority="5") == 1
    numbers = {name: value(found[f"docmill_{name}"]) for name in ("leases", "delayed")}
    assert numbers == {"leases": 1, "delayed": 1}
    assert value(found["docmill_workers"], state="alive") == 1
    assert value(found["docmill_documents"], status="queued") == 2
    assert held.step == "one"


async def test_jobs_that_no_worker_knows_are_ready_too(client: httpx.AsyncClient, engine: Engine) -> None:
    """Set aside in a class of their lane, they still wait there."""
    engine.submit(chain, text="x")
    engine.submit(chain, text="y")
    engine.pipelines = {shouting.id: shouting}
    assert engine.slot().claim().word == "none"
    found = scraped((await client.get("/metrics")).text)
    assert value(found["docmill_lane_ready"], lane="cpu", priority="5") == 2


async def test_requests_are_counted_by_their_route(client: httpx.AsyncClient) -> None:
    """By the template, never the address: of those there is no end."""
    await client.get("/v1/documents/0-000000000000000000")
    await client.get("/nowhere")
    name = "docmill_http_request_duration_seconds"
    family = scraped((await client.get("/metrics")).text)[name]
    seen = {(of["route"], of["method"], of["status_class"]): n for of, n in values(family, f"{name}_count")}
    assert seen == {("/v1/documents/{document}", "GET", "4xx"): 1, ("none", "GET", "4xx"): 1}


async def test_scaling_signals_are_the_same_as_the_metrics(client: httpx.AsyncClient, engine: Engine) -> None:
    """`/v1/stats` has the backlog in seconds of work, for whoever starts and ends workers."""
    for n in range(4):
        engine.submit(chain, text=str(n), priority=9 if n else 5)
    stats = (await client.get("/v1/stats")).json()
    (cpu,) = stats["lanes"]
    assert (cpu["name"], cpu["ready"], cpu["by_priority"][0], cpu["work"]) == ("cpu", 4, 3, None), (
        "nothing was measured"
    )
    engine.slot().work_off()
    engine.submit(chain, text="x")
    stats = (await client.get("/v1/stats")).json()
    found = scraped((await client.get("/metrics")).text)
    assert stats["lanes"][0]["work"] == value(found["docmill_lane_backlog_seconds"], lane="cpu") > 0
    assert stats["documents"]["succeeded"] == value(found["docmill_documents"], status="succeeded") == 4
