"""A step in a process of its own: what it can know of its limit and of a cancellation, and what becomes of its job."""

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from orchestrator.calls import Call, Done, Failed
from orchestrator.connection import Blocking
from orchestrator.registry import Registry
from orchestrator.settings import Settings
from tests.conftest import MakeEngine
from tests.support.engine import Engine, Hand
from tests.support.workers import wait_until
from tests.worker.limited import SOFT, free, heard, spinning
from worker.line.orders import REMEMBERED, Orders
from worker.running.executor import Executor, Outcome

T = TypeVar("T")
pytestmark = pytest.mark.timeout(120, method="thread")


class Slow(Blocking):
    """Takes its time before and after each exchange, and counts those that began and those that ended."""

    began = ended = 0

    def send(self, call: Call[T]) -> T:
        """As a slow server would answer."""
        self.began += 1
        until = time.monotonic() + 0.01
        while time.monotonic() < until:
            pass
        answer = super().send(call)
        self.ended += 1
        return answer


class Bench:
    """An executor as a slot has it, with its orders at hand."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.hand = engine, engine.slot()
        read, self._write = os.pipe()
        self._reading = os.fdopen(read, "rb")
        self.orders = Orders(self._reading)
        self.orders.start()
        self.transport = Slow(engine.server.url)
        self.executor = Executor(Settings(data_dir=folder), Registry([spinning, free]), self.transport, self.orders)
        self.executor.limits.install()

    def order(self, *lines: bytes) -> None:
        """As the supervisor does."""
        os.write(self._write, b"".join(line + b"\n" for line in lines))

    def run(self, text: str) -> Outcome:
        """Take a job and run it."""
        self.engine.submit(spinning, text=text)
        return self.executor.execute(self.hand.take(), self.hand.calls)

    def close(self) -> None:
        """The supervisor is gone."""
        os.close(self._write)
        wait_until(lambda: self.orders.stopping, "the end of the file stops the slot")
        self._reading.close()


@pytest.fixture
def bench(make_engine: MakeEngine, tmp_path: Path) -> Iterator[Bench]:
    before = signal.getsignal(signal.SIGALRM)
    heard.clear()
    bench = Bench(make_engine(spinning, free), tmp_path)
    yield bench
    bench.close()
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def accept(hand: Hand, outcome: Outcome) -> str:
    """What the server says to it."""
    assert isinstance(outcome, Done)
    return hand.complete(outcome.job, "a").verdicts[0]


def test_a_limit_is_a_failed_attempt_with_the_usual_backoff(bench: Bench) -> None:
    outcome = bench.run("on")
    assert isinstance(outcome, Failed)
    assert (outcome.how, outcome.error) == ("attempt", "SoftLimit")
    assert 0.75 * 7 <= outcome.delay <= 1.25 * 7
    assert re.search(rf"soft limit of {SOFT:g} s \((limited|context|orders|executor)\.py:\d+\)$", outcome.why)


def test_a_step_may_return_a_part_when_its_limit_passes(bench: Bench) -> None:
    outcome = bench.run("partial")
    assert isinstance(outcome, Done) and outcome.output == b'"a part"'


def test_a_step_knows_its_deadline(bench: Bench) -> None:
    bench.run("on")
    (context,) = heard.contexts
    assert context.deadline is not None
    assert 0 <= time.monotonic() - context.deadline < 5
    bench.engine.submit(free, text="until")
    outcome = bench.executor.execute(bench.hand.take(), bench.hand.calls)
    assert isinstance(outcome, Done) and outcome.output == b'"until None"'


def test_a_report_is_never_torn(bench: Bench) -> None:
    """A reply half read would be taken for the next call's."""
    for _ in range(3):
        outcome = bench.run("report")
        assert isinstance(outcome, Failed) and outcome.error == "SoftLimit"
        assert bench.transport.began == bench.transport.ended > 0
        bench.hand.fail(outcome.job, "fatal")


def test_an_order_to_cancel_reaches_the_step(bench: Bench) -> None:
    def cancel() -> None:
        wait_until(lambda: heard.contexts, "the step runs")
        assert not heard.contexts[0].cancelled
        bench.order(b"cancel 1", b"who knows what", b"cancel", b"\xff", b"cancel %d" % heard.contexts[0].fence)

    thread = threading.Thread(target=cancel)
    thread.start()
    outcome = bench.run("on")
    thread.join()
    assert isinstance(outcome, Done) and outcome.output == b'"nobody wants it"'
    assert not bench.orders.stopping


def test_an_order_for_another_job_changes_nothing(bench: Bench) -> None:
    bench.order(b"cancel 1")
    wait_until(lambda: bench.orders.cancelled("1"), "it is heard")
    outcome = bench.run("on")
    assert isinstance(outcome, Failed) and outcome.error == "SoftLimit"


def test_only_the_latest_orders_are_remembered(bench: Bench) -> None:
    bench.order(*(b"cancel %d" % token for token in range(REMEMBERED + 1)))
    wait_until(lambda: bench.orders.cancelled(str(REMEMBERED)), "all are heard")
    assert not bench.orders.cancelled("0")
    assert bench.orders.cancelled("1")


def test_drain(bench: Bench) -> None:
    bench.order(b"drain")
    wait_until(lambda: bench.orders.stopping, "it is heard")


def test_a_step_that_reports_hears_that_its_lease_is_lost(bench: Bench) -> None:
    def lose() -> None:
        wait_until(lambda: heard.contexts, "the step runs")
        bench.engine.shift("leases", 60_000)
        engine = Engine(bench.engine.server)
        engine.sweep()

    thread = threading.Thread(target=lose)
    thread.start()
    outcome = bench.run("report")
    thread.join()
    assert isinstance(outcome, Done) and outcome.output == b'"nobody wants it"'
    assert accept(bench.hand, outcome) == "stale"
