"""One source: `docmill top`, `docmill lanes`, `/v1/stats` and `/metrics` of two API processes say the same at one moment."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from orchestrator.settings import Settings
from tests.api.conftest import calling
from tests.conftest import PIPELINES, MakeEngine
from tests.support.engine import Engine
from tests.support.figures import scraped, value, values
from tests.support.pipelines import chain, moods, shouting
from tests.support.whying import measured, staff

DOCMILL = Path(sys.executable).with_name("docmill")


def docmill(url: str, folder: Path, *words: str) -> Any:
    """What the command says, as JSON."""
    environment = {**os.environ, "DOCMILL_REDIS_URL": url, "DOCMILL_DATA_DIR": str(folder)}
    environment |= {"DOCMILL_PIPELINES": ",".join(PIPELINES)}
    command = [DOCMILL, *words, "--json"]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)


@pytest.fixture
def busy(make_engine: MakeEngine) -> Engine:
    """Some work waits, some runs, some is delayed, some has failed."""
    engine = staff(make_engine(chain, moods, shouting))
    measured(engine, chain, one=2.0, two=1.0, three=1.0, four=1.0)
    slot = engine.slot("w/0")
    engine.submit(moods, text="x")
    slot.fail(slot.take(), "fatal")
    engine.submit(moods, text="x", delay=60)
    for n in range(7):
        engine.submit(chain, text="x", priority=9 if n < 3 else 5)
    slot.take()
    engine.slot("w/1").take()
    return staff(engine)  # which has renewed by now, and is alive for as long as this takes


async def test_every_surface_tells_the_same(busy: Engine, settings: Settings, tmp_path: Path) -> None:
    """Lanes by priority, what runs, slots, the pace, the backlog in seconds, dead letters."""
    async with calling(create_app(settings)) as one, calling(create_app(settings)) as other:
        texts = [(await client.get("/metrics")).text for client in (one, other)]
        stats: Any = (await one.get("/v1/stats")).json()
    top, lanes = (docmill(busy.server.url, tmp_path, *words) for words in (("top", "--once"), ("lanes",)))
    found = scraped(texts[0])
    told = [next(lane for lane in answer["lanes"] if lane["name"] == "cpu") for answer in (top, lanes, stats)]
    of_top, of_lanes, of_stats = told
    cpu = {
        name: value(found[f"docmill_lane_{name}"], lane="cpu")
        for name in ("leases", "slots", "slots_busy", "backlog_seconds")
    }
    assert cpu["leases"] == of_top["running"] == of_lanes["leased"] == of_stats["leased"] == 2
    assert cpu["slots"] == of_lanes["slots"] == of_stats["slots"] == 2
    assert cpu["backlog_seconds"] == of_lanes["work"] == of_stats["work"] > 5 * 5
    by_priority = {
        labels["priority"]: n for labels, n in values(found["docmill_lane_ready"]) if labels["lane"] == "cpu"
    }
    assert [by_priority[str(9 - at)] for at in range(10)] == of_lanes["by_priority"] == of_stats["by_priority"]
    assert sum(by_priority.values()) == of_top["ready"] == 5
    assert value(found["docmill_delayed"]) == top["delayed"] == stats["delayed"] == 1
    assert value(found["docmill_dead_letters"]) == len(top["failures"]) == stats["documents"]["failed"] == 1
    assert value(found["docmill_lane_oldest_age_seconds"], lane="cpu", priority="9") == pytest.approx(
        of_top["waited"], abs=20
    )


async def test_no_series_of_all_of_docmill_names_a_process(busy: Engine, settings: Settings) -> None:
    """Two API processes say the same; so an expression takes the greatest of them before it sums."""
    async with calling(create_app(settings)) as one, calling(create_app(settings)) as other:
        both = [scraped((await client.get("/metrics")).text) for client in (one, other)]
    assert busy.pipelines
    for name, family in both[0].items():
        if name.startswith(("docmill_http", "docmill_redis")):
            continue
        for mine, theirs in zip(family.samples, both[1][name].samples, strict=True):
            assert (mine.name, mine.labels) == (theirs.name, theirs.labels)
            assert mine.value == pytest.approx(theirs.value, abs=20 if "seconds" in name else 0), mine
