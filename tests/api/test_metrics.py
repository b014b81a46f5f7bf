"""Metrics: made of what Redis counted, and nothing else."""

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from orchestrator.metrics import LADDER, exposition
from orchestrator.snapshot import Snapshot
from tests.support.engine import Engine
from tests.support.pipelines import chain, shouting

STATS = {
    "submitted:chain:5": 3,
    "submitted:chain:9": 1,
    "finished:chain:succeeded": 2,
    "ended:chain:one:retry": 4,
    "run:chain:one:1": 1,
    "run:chain:one:8": 2,
    "run:chain:one:1073741824": 1,
    "run:chain:one:sum": 2015,
    "of:a:later:version": 7,
    "submitted:odd": 7,
}


def scraped(text: bytes | str) -> dict[str, Metric]:
    """Families by name, as Prometheus reads them."""
    told = text.decode() if isinstance(text, bytes) else text
    return {family.name: family for family in text_string_to_metric_families(told)}


def values(family: Metric, sample: str = "") -> Iterator[tuple[dict[str, str], float]]:
    """Labels and value of each sample, of those of that name where one is given."""
    return ((s.labels, s.value) for s in family.samples if not sample or s.name == sample)


def test_counters_and_their_labels() -> None:
    """By pipeline and priority, outcome, step; what is not known is left out."""
    found = scraped(exposition(Snapshot(STATS)))
    submitted = {labels["priority"]: value for labels, value in values(found["docmill_documents_submitted"])}
    assert submitted == {"5": 3, "9": 1}
    assert list(values(found["docmill_documents_finished"])) == [({"pipeline": "chain", "outcome": "succeeded"}, 2)]
    ended = {labels["outcome"]: value for labels, value in values(found["docmill_step_ended"])}
    assert ended == {"retry": 4, "done": 4}


def test_histograms_are_cumulative_in_seconds() -> None:
    """Every series has the whole ladder and +Inf; what is beyond the ladder is in +Inf only."""
    family = scraped(exposition(Snapshot(STATS)))["docmill_step_run_seconds"]
    buckets = {labels["le"]: value for labels, value in values(family, "docmill_step_run_seconds_bucket")}
    assert len(buckets) == len(LADDER) + 1
    assert [buckets[le] for le in ("0.001", "0.004", "0.008", "16777.216", "+Inf")] == [1, 1, 3, 3, 4]
    assert next(values(family, "docmill_step_run_seconds_count"))[1] == 4
    assert next(values(family, "docmill_step_run_seconds_sum"))[1] == pytest.approx(2.015)


def test_gauges() -> None:
    """What is there now."""
    found = scraped(exposition(Snapshot({}, {"gpu": 7}, leases=2, delayed=3, workers_alive=1)))
    assert list(values(found["docmill_lane_ready"])) == [({"lane": "gpu"}, 7)]
    names = ("leases", "delayed", "workers_alive", "build_info")
    assert [next(values(found[f"docmill_{name}"]))[1] for name in names] == [2, 3, 1, 1]


def test_names_follow_the_rules() -> None:
    """One prefix, a unit where there is one, help for each, and no label that names a process."""
    for family in scraped(exposition(Snapshot(STATS, {"gpu": 1}))).values():
        assert family.name.startswith("docmill_")
        assert family.documentation
        assert family.type != "histogram" or family.name.endswith("_seconds")
        labels = {name for sample in family.samples for name in sample.labels}
        assert labels <= {"pipeline", "priority", "outcome", "step", "lane", "le", "version"}


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
    stats = engine.transport.send(engine.documents.stats())
    finished = {labels["pipeline"]: value for labels, value in values(found["docmill_documents_finished"])}
    assert finished["chain"] == int(stats["finished:chain:succeeded"]) == len(documents)
    wait = "docmill_step_wait_seconds"
    waits = {labels["step"]: n for labels, n in values(found[wait], f"{wait}_count")}
    assert waits["one"] == 4
    assert "four" not in waits, "what is taken as it becomes ready has not waited"
    ended = {(labels["step"], labels["outcome"]): n for labels, n in values(found["docmill_step_ended"])}
    assert (ended["one", "retry"], ended["one", "done"]) == (1, 3)
    assert {labels["lane"]: n for labels, n in values(found["docmill_lane_ready"])} == {"cpu": 1}
    numbers = {name: next(values(found[f"docmill_{name}"]))[1] for name in ("leases", "delayed", "workers_alive")}
    assert numbers == {"leases": 1, "delayed": 1, "workers_alive": 1}
    assert held.step == "one"


async def test_jobs_that_no_worker_knows_are_ready_too(client: httpx.AsyncClient, engine: Engine) -> None:
    """Set aside in a class of their lane, they still wait there."""
    engine.submit(chain, text="x")
    engine.submit(chain, text="y")
    engine.pipelines = {shouting.id: shouting}
    assert engine.slot().claim().word == "none"
    found = scraped((await client.get("/metrics")).text)
    assert list(values(found["docmill_lane_ready"])) == [({"lane": "cpu"}, 2)]
