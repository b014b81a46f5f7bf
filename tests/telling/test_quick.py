"""A flood of quick runs: a hundred lines a second, a count of the rest; whatever takes as long as work does is told."""

from worker.running.quick import MOST, QUICK, Quick

NOW = 1000.0
"""Seconds, of any clock."""


def test_a_flood_is_counted() -> None:
    """What was left out is said in the next line that there is."""
    flood = Quick()
    assert [flood.is_told(0.0, NOW) for _ in range(MOST + 3)] == [True] * MOST + [False] * 3
    assert flood.is_told(0.0, NOW + 1) and flood.untold() == {"untold": 3}
    assert flood.is_told(0.0, NOW + 1) and flood.untold() == {}


def test_work_is_told_in_any_flood() -> None:
    """Its line is a small part of what it cost."""
    flood = Quick()
    for _ in range(MOST * 2):
        flood.is_told(0.0, NOW)
    assert flood.is_told(QUICK, NOW) and not flood.is_told(QUICK / 2, NOW)
