"""The ceiling: redis-py's EVALSHA of a plain acknowledge + claim, round after round, with no step to run."""

import time
from pathlib import Path
from typing import Any

from benchmarks.server import Server

SCRIPT = Path(__file__).with_name("ceiling.lua")
JOBS = 10_000
"""Jobs that wait all the time."""
WARMING = 500
ROUNDS = 100
"""Rounds between two looks at the clock."""
PAYLOAD = '{"document":"00000001","passed":1}'


def evalsha_per_second(server: Server, seconds: float) -> float:
    """How many rounds redis-py makes in a second."""
    server.flush()
    client: Any = server.client
    _fill(client)
    sha = client.script_load(SCRIPT.read_text())
    job = _rounds(client, sha, "0", WARMING)
    rounds, begun = 0, time.monotonic()
    while (taken := time.monotonic() - begun) < seconds:
        job = _rounds(client, sha, job, ROUNDS)
        rounds += ROUNDS
    return rounds / taken


def _rounds(client: Any, sha: str, job: str, count: int) -> str:
    for number in range(count):
        job = client.evalsha(sha, 3, "ready", "leases", "document", job, PAYLOAD, JOBS + number, "worker")[0]
    return job


def _fill(client: Any) -> None:
    pipe = client.pipeline(transaction=False)
    for number in range(JOBS):
        pipe.zadd("ready", {str(number): number})
        pipe.hset(f"job:{number}", "input", PAYLOAD)
    pipe.execute()
