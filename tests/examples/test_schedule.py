"""A schedule, added and run as its user would."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from examples.schedule import day_before, write
from tests.support.server import Server
from tests.support.workers import ROOT, running_worker, wait_until

NAME, PREFIX = "nightly-report", "docmill:{s0}:"


def test_a_schedule_is_added_and_a_worker_runs_it(server: Server, tmp_path: Path) -> None:
    pipelines = "examples.schedule:nightly"
    environment = {"DOCMILL_REDIS_URL": server.url, "DOCMILL_DATA_DIR": str(tmp_path), "DOCMILL_PIPELINES": pipelines}
    program = [sys.executable, "-m", "examples.schedule"]
    told = subprocess.run(
        program, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True, check=True
    )
    assert f"{NAME}: added, next 20" in told.stdout
    due = server.redis.zscore(f"{PREFIX}schedules", NAME)
    server.redis.zadd(f"{PREFIX}schedules", {NAME: due - 14 * 86_400_000})
    with running_worker(server.url, tmp_path, pipelines=pipelines, slots="cpu*1"):
        wait_until(lambda: server.redis.zcard(f"{PREFIX}by:succeeded"), "its document ends")
    (document,) = server.redis.zrange(f"{PREFIX}by:succeeded", 0, -1)
    data = server.redis.hgetall(f"{PREFIX}doc:{document}:data")
    tick = datetime.fromisoformat(json.loads(data["input"])["tick"])
    assert (tick.hour, tick.minute, tick.tzinfo is not None) == (2, 30, True)
    assert json.loads(data["write"]) == write("invoices", day_before(tick))
    assert int(server.redis.zscore(f"{PREFIX}schedules", NAME)) == int(due), "the next is the one of before"
