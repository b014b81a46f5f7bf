"""How long an idle worker takes to pick up: from before the submit to the start of the step."""

import asyncio
import random
import time

from benchmarks.docmill_peer import DocmillPeer, parameters
from benchmarks.measuring import Bench, warm
from orchestrator.client import Mill

REST = 2.0
"""Seconds until a started worker is idle."""
GAP = (0.005, 0.030)
"""Seconds, least and most, from a step to the next submit."""
POLL = 0.0005
PATIENCE = 10.0
"""Seconds until a step must have begun."""


def measure_pickup(bench: Bench, peer: DocmillPeer, count: int) -> tuple[float, float]:
    """The median and the 99th percentile, ms."""
    warm(bench, peer, "noop")
    with peer.worker():
        peer.submit("noop", 1)
        time.sleep(REST)
        times = sorted(peer.with_mill(lambda mill: _pickups(bench, mill, count)))
    return times[count // 2], times[min(count - 1, int(count * 0.99))]


async def _pickups(bench: Bench, mill: Mill, count: int) -> list[float]:
    spread = random.Random(7)
    times: list[float] = []
    for number in range(count):
        await asyncio.sleep(spread.uniform(*GAP))
        seen, begun = bench.board.steps, time.monotonic_ns()
        await mill.submit("noop", parameters("noop", f"{number:08d}"))
        async with asyncio.timeout(PATIENCE):
            while bench.board.steps == seen:
                await asyncio.sleep(POLL)
        times.append((bench.board.latest - begun) / 1e6)
    return times
