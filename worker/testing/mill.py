"""`TestMill`: docmill in a test's own process. The scripts are the real ones, as is what runs a step; one job at a time."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from orchestrator.clients import Client
from orchestrator.connection import Blocking
from orchestrator.errors import Stuck
from orchestrator.graph import Pipeline
from worker.testing.clock import Clock
from worker.testing.failing import Failing
from worker.testing.faults import Faults
from worker.testing.idle import Idle, listed
from worker.testing.instruments import Instruments, die_in_process
from worker.testing.looking import Looking
from worker.testing.readable import readable
from worker.testing.registry import OwnRegistry
from worker.testing.runner import Runner
from worker.testing.settings import own_settings
from worker.testing.starting import running_worker
from worker.testing.submitting import Submitting
from worker.testing.workers import Worker

MOST = 10_000
"""Jobs of one `run_until_idle`: then something goes round in a circle."""
MOST_SHIFTS = 100
"""Times that time is shifted without a job that runs then."""


class TestMill(Failing, Looking, Submitting):
    """A mill for tests.

    Args:
        url: of a throw-away server.
        folder: for blobs and results.
        lanes: that are served here; None serves all there are.
        settings: by the names of `Settings`; nothing is read from the environment.
    """

    __test__ = False  # pytest takes what begins with Test for a class of tests

    def __init__(self, url: str, folder: Path, *, lanes: Sequence[str] | None = None, **settings: Any) -> None:
        self.url, self.folder, self._lanes, self._given = url, folder, lanes, settings
        self.settings = own_settings(url, folder, settings)
        self.faults = Faults(folder / "faults")
        self.client = Client(url, settings=self.settings)
        self._transport = Blocking(url, patience=5)
        self._registry = OwnRegistry(Instruments(self.faults, die_in_process))
        self._runner = Runner(self.settings, self._transport, self._registry, self.client)
        self._clock, self._idle = Clock(self._transport), Idle(self.client, self._registry)

    @readable
    def run(self, pipeline: Pipeline, /, **given: Any) -> Any:
        """Submit a document, run all there is, also what is delayed; returns the pipeline's result, as JSON has it.

        Raises:
            DocumentFailed: it has none; the text says why.
        """
        document = self.submit(pipeline, **given)
        self.run_until_idle(through_delays=True)
        return self.result(document)

    @readable
    def run_one(self) -> list[str]:
        """Run the job that comes next, `<document>/<step>` or `<document>/<step>[i]`.

        Returns:
            What was run: a job, all jobs of a batch, or nothing where nothing is ready.
        """
        self.use()
        return self._runner.run_one()

    @readable
    def run_until_idle(self, *, through_delays: bool = False, most: int = MOST) -> list[str]:
        """Run all that is ready, and what becomes ready by it, in the order in which a single slot would.

        Args:
            through_delays: also what is delayed: time is shifted until it is due.
            most: jobs.

        Returns:
            The jobs that were run, in order.

        Raises:
            Stuck: something waits for what will never come, or does not come to an end.
        """
        jobs: list[str] = []
        for ran in self._runs(through_delays):
            jobs += ran
            if len(jobs) >= most:
                raise Stuck(f"{len(jobs)} jobs have run and there are more; the last ones:{listed(jobs[-5:])}")
        if not self._runner.wait and (stuck := self._idle.stuck()):
            raise Stuck(f"nothing is ready, and this waits for what will not come:{listed(stuck)}")
        return jobs

    def _runs(self, through_delays: bool) -> Iterator[list[str]]:
        shifts = 0
        while shifts < MOST_SHIFTS:
            self._idle.keep_duties()
            ran = False
            while jobs := self.run_one():
                ran = True
                yield jobs
            if ran:
                shifts = 0
            elif through_delays and (left := self._until_due()) is not None:
                self._clock.shift(left)
                shifts += 1
            else:
                return
        raise Stuck(f"nothing ran although time was shifted {shifts} times:{listed(self._idle.stuck())}")

    def _until_due(self) -> float | None:
        return self._runner.wait or self._clock.until_due()

    @readable
    def shift(self, seconds: float) -> None:
        """Make it seem that so many seconds have passed: for delays, leases, deadlines, schedules, retention, all.

        What is stored is moved; Redis' clock stays the one clock. Documents whose deadline, or retention, has passed then
        have ended, or are gone, when this returns; jobs that are due run when something runs them.
        """
        self._clock.shift(seconds)
        self._idle.keep_duties()

    @contextmanager
    def worker(self, *pipelines: Pipeline, **settings: Any) -> Generator[Worker]:
        """A real worker, a supervisor and its slots, for as long as the `with` block lasts; then it is killed.

        Args:
            pipelines: that it knows besides those that this mill knows by now.
            settings: of the worker, besides the mill's: `slots="cpu*2"`, `lease=2`. Without `slots`, one for each lane.

        Raises:
            UsageError: a pipeline is not defined at the top of a module.
        """
        self.use(*pipelines)
        data, known = self.settings.data_dir, self._registry.given.values()
        with running_worker(self.url, data, known, self.faults.folder, {**self._given, **settings}) as worker:
            self._worker = worker
            yield worker

    def close(self) -> None:
        """End its connections."""
        self.client.close()
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
