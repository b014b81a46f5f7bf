"""From kill -9 of a slot in the middle of a job until the job runs again."""

import os
import signal
import time

from benchmarks.docmill_peer import DocmillPeer
from benchmarks.measuring import Bench, warm
from orchestrator.client import Mill

MIDDLE = 1.0
"""Seconds into the job at which its process is killed."""
LIMIT = 60.0


def recovery_seconds(bench: Bench, peer: DocmillPeer) -> float:
    """Seconds from the kill to the second start; the worker's supervisor lives on."""
    warm(bench, peer, "noop")
    with peer.worker() as worker:
        peer.with_mill(_submit)
        worker.wait(lambda: bench.board.steps == 1, LIMIT)
        time.sleep(MIDDLE)
        killed = time.monotonic_ns()
        os.kill(bench.board.process, signal.SIGKILL)
        worker.wait(lambda: bench.board.steps == 2, LIMIT)
        return (bench.board.latest - killed) / 1e9


async def _submit(mill: Mill) -> None:
    await mill.submit("doze", {"document": "00000001"})
