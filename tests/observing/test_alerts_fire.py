"""Each alert is fired for real by its fault: done to real processes, scraped by Prometheus, judged by the shipped rules."""

import os
from collections.abc import Generator

import httpx
import pytest
from redis.exceptions import ConnectionError as Refused

from orchestrator.ids import new_id
from tests.observing.prometheus import needs_prometheus
from tests.observing.watching import PATIENCE, Watched, watched
from tests.support.faults import faulty
from tests.support.pipelines import moods
from tests.support.workers import wait_until

pytestmark = [needs_prometheus, pytest.mark.timeout(300)]
MANY = 1_010
LOW, USUAL, HIGH = 1, 5, 9
"""Priorities."""


@pytest.fixture
def mill() -> Generator[Watched]:
    """No worker, and nothing waits."""
    with watched() as found:
        yield found


def flood(mill: Watched, lane: str, documents: int) -> None:
    """So many wait in a lane."""
    some = [(new_id(), moods.input_json({"text": "fine"})) for _ in range(documents)]
    for first in range(0, documents, 100):
        call = mill.engine.documents.submit(moods.id, some[first : first + 100], lanes={"moody": lane})
        assert mill.engine.transport.send(call)[0] == "accepted"


def wait_long(mill: Watched, priority: int, minutes: int) -> None:
    """One more of that priority; all that wait have waited for so much longer."""
    engine = mill.engine
    engine.submit(moods, text="fine", priority=priority)
    for document in engine.server.redis.zrange(engine.keys.named("by:queued"), 0, -1):
        engine.age(document, "moody", 60 * minutes)


def refused(mill: Watched) -> bool:
    """Whether a submission is, by a server that is full."""
    body = {"pipeline": "moods", "parameters": {"text": "fine"}}
    return httpx.post(f"http://{mill.api}/v1/documents", json=body).status_code == 503


def test_what_nobody_works_off(mill: Watched) -> None:
    """A lane without a worker, jobs that wait too long, a paused lane, a full one, the guide's queue of a thousand."""
    engine, duties = mill.engine, mill.engine.duties
    with mill.fires("NoWorker", "NothingMoves"):
        engine.submit(moods, text="fine")
    with mill.fires("UrgentJobsWaitTooLong"):
        wait_long(mill, HIGH, minutes=2)
    with mill.fires("JobsWaitTooLong"):
        wait_long(mill, USUAL, minutes=11)
    with mill.fires("UnhurriedJobsWaitTooLong"):
        wait_long(mill, LOW, minutes=61)
    with mill.fires("LanePausedWithWork"):
        engine.transport.send(duties.pause("lane", "cpu"))
    flood(mill, "gpu", 1)
    mill.has('lane:docmill_lane_ready:sum{lane="gpu"} == 1')
    with mill.fires("GpuLaneSaturationPredicted"):
        flood(mill, "gpu", 50)
    with mill.fires("LaneNearlyFull", "GpuLaneSaturated"):
        engine.transport.send(duties.bound("gpu", {"most": "1100"}))
        flood(mill, "gpu", MANY)


def test_what_befalls_documents(mill: Watched) -> None:
    """Documents that fail, and one that kills whoever runs it."""
    with mill.worker(slots="cpu*6"):
        for pipeline, given in ((faulty, {"what": "fine"}), (moods, {"text": "again"})):
            mill.engine.submit(pipeline, **given, lanes={"fault": "cpu"})
        mill.has('docmill_step_runs_total{step="fault",outcome="poison"}')
        mill.has('docmill_documents_finished_total{pipeline="moods",outcome="failed"}')
        with (
            mill.fires("CompletionBudgetBurnsFast", "CompletionBudgetBurns"),
            mill.fires("CompletionBudgetDrips", "CompletionBudgetLeaks"),
            mill.fires("DeadLettersGrow", "DeadLettersPile"),
        ):
            for _ in range(MANY // 10 + 5):
                mill.engine.submit(moods, text="fatal")
        with mill.fires("PoisonDocument", "SlotProcessesDie"):
            for _ in range(3):
                mill.engine.submit(faulty, what="segfault", lanes={"fault": "cpu"})


def test_what_befalls_a_machine(mill: Watched) -> None:
    """It goes, with all that it held."""
    with mill.worker(slots="cpu*6") as worker:
        for _ in range(6):
            mill.engine.submit(moods, text="sleep:600")
        leases = mill.engine.keys.named("leases")
        wait_until(lambda: mill.server.redis.zcard(leases) == 6, "all six run")
        mill.has('up{job="docmill-worker"} == 1')
        wait_until(lambda: "TargetDown" not in mill.prometheus.firing(), "the worker is there")
        with mill.fires("LeasesExpire", "WorkerSilent", "TargetDown"):
            worker.end()


def test_what_befalls_redis(mill: Watched) -> None:
    """No limit, a full memory, keys thrown away, no append-only file, too many connections; and its end."""
    redis = mill.server.redis
    with mill.fires("RedisPersistenceOff"):
        redis.config_set("appendonly", "no")
    with mill.fires("RedisMemoryUnbounded"):
        redis.config_set("maxmemory", 0)
    with mill.fires("RedisMemoryHigh", "RedisMemoryFull"):
        redis.config_set("maxmemory", int(redis.info("memory")["used_memory"] / 0.94))
    with mill.fires("ApiFails"):
        redis.config_set("maxmemory", "1mb")
        wait_until(
            lambda: refused(mill) and "ApiFails" in mill.prometheus.firing(), "clients go on submitting", PATIENCE
        )
    with mill.fires("RedisEvicts"):
        redis.config_set("maxmemory", "2gb")
        redis.set("passing", os.urandom(2**20), ex=600)
        redis.config_set("maxmemory-policy", "volatile-lru")
        redis.config_set("maxmemory", redis.info("memory")["used_memory"] - 2**19)
    redis.config_set("maxmemory", "2gb")
    with mill.fires("RedisRefusesClients"):
        redis.config_set("maxclients", 1)
        with pytest.raises(Refused):
            type(redis)(unix_socket_path=str(mill.server.socket)).ping()
        redis.config_set("maxclients", 1000)
    with mill.fires("RedisDown"):
        mill.server.kill()
