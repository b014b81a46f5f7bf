"""The same steps a second, with many documents waiting behind: a claim must not pay for the backlog."""

from benchmarks.figures import Figures
from benchmarks.measuring import Bench, Peer, steps_per_second


def measure_backlog(bench: Bench, peer: Peer, steps: int, waiting: int) -> Figures:
    """Submit one by one as always: a million takes some minutes and about a gigabyte."""
    rate = steps_per_second(bench, peer, steps, backlog=waiting)
    return {"backlog_documents": waiting, "backlog_steps_per_second": rate}
