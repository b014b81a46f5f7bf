"""A flood of quick runs: a hundred lines a second, a count of the rest; whatever takes as long as work does is told."""

import pytest

from worker.running import quick
from worker.running.quick import MOST, QUICK, Quick


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Its first is the time."""
    times = [1000.0]
    monkeypatch.setattr(quick.time, "monotonic", lambda: times[0])
    return times


def test_a_flood_is_counted(clock: list[float]) -> None:
    """What was left out is said in the next line that there is."""
    flood = Quick()
    assert [flood.is_told(0.0) for _ in range(MOST + 3)] == [True] * MOST + [False] * 3
    clock[0] += 1
    assert flood.is_told(0.0) and flood.untold() == {"untold": 3}
    assert flood.is_told(0.0) and flood.untold() == {}


def test_work_is_told_in_any_flood(clock: list[float]) -> None:
    """Its line is a small part of what it cost."""
    flood = Quick()
    for _ in range(MOST * 2):
        flood.is_told(0.0)
    assert flood.is_told(QUICK) and not flood.is_told(QUICK / 2)
