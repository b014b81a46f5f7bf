"""A soft limit is raised inside the step that it belongs to, once, and nowhere else."""

import importlib
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator import SoftLimit
from worker.running.limits import ASK_AGAIN, SoftLimits

# pytest-timeout's usual way is SIGALRM, which a slot keeps for itself.
pytestmark = pytest.mark.timeout(120, method="thread")
LIMIT = 0.02


@pytest.fixture
def limits() -> Iterator[SoftLimits]:
    """As in a slot: installed."""
    assert threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGALRM)
    limits = SoftLimits()
    limits.install()
    yield limits
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def spin(seconds: float) -> None:
    """Keep Python busy."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def test_it_ends_a_step_that_would_not_end(limits: SoftLimits) -> None:
    with pytest.raises(SoftLimit, match=r"longer than its soft limit of 0\.02 s"):
        limits.run(spin, {"seconds": 60}, LIMIT)


def test_a_step_that_waits_for_a_lock_is_reached(limits: SoftLimits) -> None:
    with pytest.raises(SoftLimit):
        limits.run(threading.Event().wait, {"timeout": 60}, LIMIT)


def test_a_step_may_keep_what_it_has(limits: SoftLimits) -> None:
    def step() -> list[int]:
        found: list[int] = []
        try:
            while True:
                found.append(len(found))
        except SoftLimit:
            return found

    assert limits.run(step, {}, LIMIT)


def test_one_that_is_swallowed_is_not_raised_again(limits: SoftLimits) -> None:
    def step() -> str:
        with pytest.raises(SoftLimit):
            spin(60)
        signal.raise_signal(signal.SIGALRM)
        spin(10 * ASK_AGAIN)
        return "went on"

    assert limits.run(step, {}, LIMIT) == "went on"


@pytest.mark.parametrize("none", [0, 0.0, None])
def test_no_limit(limits: SoftLimits, none: float | None) -> None:
    limits.run(spin, {"seconds": 0}, LIMIT)  # its alarm is still to come
    limits.run(spin, {"seconds": 2 * LIMIT}, none)


def test_what_is_not_installed_limits_nothing() -> None:
    SoftLimits().run(spin, {"seconds": 2 * LIMIT}, LIMIT)


def test_no_step_gets_another_ones_limit_and_the_loop_gets_none(limits: SoftLimits) -> None:
    """Limits pass around the ends of steps: before, in the very moment, after, and in the next one."""

    def step(seconds: float, number: int) -> int:
        spin(seconds)
        return number

    def run(seconds: float, limit: float, number: int) -> str:
        try:
            assert limits.run(step, {"seconds": seconds, "number": number}, limit) == number
        except SoftLimit as problem:
            inside = any(frame.name == "step" for frame in traceback.extract_tb(problem.__traceback__))
            return str(problem) if inside else "lost what the step had returned"
        return "in time"

    said = {"in time": 0, "late": 0}
    for number in range(10_000):
        limit = (1000 + number % 1000) * 1e-7  # so that its text tells whose it is
        word = run(limit + random.uniform(-30e-6, 10e-6), limit, number)
        assert word == "in time" or f" {limit:g} s" in word
        said["in time" if word == "in time" else "late"] += 1
        assert run(random.uniform(0, 50e-6), 60, -1) == "in time"
    assert min(said.values()) > 100, f"the limits did not pass around the ends: {said}"


def test_an_alarm_of_an_earlier_step_changes_nothing_in_a_later_one(limits: SoftLimits) -> None:
    def step() -> str:
        for _ in range(100):
            signal.raise_signal(signal.SIGALRM)
        return "done"

    assert limits.run(step, {}, 60) == "done"
    with pytest.raises(SoftLimit):
        limits.run(lambda: (step(), spin(60)), {}, 2 * LIMIT)


def test_the_alarm_of_a_step_that_has_ended_rings_once_at_most(limits: SoftLimits) -> None:
    limits.run(spin, {"seconds": 0}, LIMIT)
    spin(2 * LIMIT)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_shield_is_not_torn(limits: SoftLimits) -> None:
    whole: list[str] = []

    def step() -> None:
        with limits.shielded():
            with limits.shielded():
                spin(2 * LIMIT)
            whole.append("the inner one has ended")
            spin(LIMIT)
            whole.append("the outer one too")
        whole.append("never")

    with pytest.raises(SoftLimit):
        limits.run(step, {}, LIMIT)
    assert whole == ["the inner one has ended", "the outer one too"]
    with pytest.raises(SoftLimit):
        limits.run(spin, {"seconds": 60}, LIMIT)


def test_a_shield_of_another_thread_shields_nothing(limits: SoftLimits) -> None:
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with limits.shielded():
            entered.set()
            leave.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait()
    with pytest.raises(SoftLimit):
        limits.run(spin, {"seconds": 60}, LIMIT)
    leave.set()
    thread.join()


def test_a_step_in_c_is_reached_when_it_comes_back(limits: SoftLimits) -> None:
    numbers = random.sample(range(1_000_000), 1_000_000)
    with pytest.raises(SoftLimit):
        limits.run(lambda: (numbers.sort(), spin(60)), {}, LIMIT)
    assert numbers == list(range(1_000_000)), "sorted whole: nothing interrupts it"


def test_an_import_is_not_torn(limits: SoftLimits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow_to_import.py").write_text(
        f"import time\nuntil = time.monotonic() + {4 * LIMIT}\nwhile time.monotonic() < until: pass\nWHOLE = True\n"
    )
    monkeypatch.syspath_prepend(tmp_path)  # pyright: ignore[reportUnknownMemberType]

    def step() -> None:
        importlib.import_module("slow_to_import")
        spin(60)

    with pytest.raises(SoftLimit):
        limits.run(step, {}, LIMIT)
    assert sys.modules.pop("slow_to_import").WHOLE


def test_it_is_not_lost_in_a_finaliser(limits: SoftLimits) -> None:
    class Slow:
        def __del__(self) -> None:
            spin(4 * LIMIT)

    def step() -> None:
        Slow()
        spin(60)

    with pytest.raises(SoftLimit):
        limits.run(step, {}, LIMIT)


def test_it_costs_a_job_a_few_microseconds(limits: SoftLimits) -> None:
    def timed(call: Any) -> float:
        began = time.perf_counter()
        for _ in range(10_000):
            call()
        return (time.perf_counter() - began) / 10_000

    def step() -> None:
        return

    cost = timed(lambda: limits.run(step, {}, 540.0)) - timed(step)
    assert cost < 5 * 3e-6
