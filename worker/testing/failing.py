"""What a test may let go wrong."""

from typing import Any

from orchestrator.errors import Stuck
from orchestrator.graph import Step
from worker.testing.faults import Fault, Faults
from worker.testing.readable import readable

Named = Step[Any] | str
"""A step, or its name in its pipeline: the second use of `read` there is `read_2`."""


class Failing:
    """The faults of a mill, by the names that read well in a test."""

    faults: Faults

    @readable
    def fail_once(self, step: "Named", error: BaseException | None = None, *, at: str = "start") -> None:
        """Let the next run of a step raise an error.

        Args:
            error: None is a `RuntimeError`.
            at: where: `start`, before its code; `end`, after it; or `progress`, `checkpoint`, `flag`, `model`,
                `failures`: as that call of its `ctx` returns.
        """
        self.fail(step, error, times=1, at=at)

    @readable
    def fail(
        self, step: "Named", error: BaseException | None = None, *, times: int | None = None, at: str = "start"
    ) -> None:
        """Let the next runs of a step raise an error.

        Args:
            times: how many; None is all.
        """
        raised = error or RuntimeError("the test lets this step fail")
        self.faults.add(_name(step), Fault("raise", at, raised), times)

    @readable
    def kill_mid_step(self, step: "Named", *, at: str = "end", times: int = 1) -> None:
        """Let the slot die in the next run of a step: before anybody hears of what the step did.

        In a worker's slot this is SIGKILL. In the test's own process the step is broken off, and the mill goes on as a
        supervisor does that sees the death: only, blocks of `finally` run.
        """
        self.faults.add(_name(step), Fault("kill", at), times)

    @readable
    def lose_lease(self, step: "Named", *, at: str = "end", times: int = 1) -> None:
        """Let the lease run out in the next run of a step: its job goes back to its lane; what this run says is refused."""
        self.faults.add(_name(step), Fault("lose", at), times)

    @readable
    def check_faults(self) -> None:
        """See that every fault struck: else a test proves less than it seems.

        Raises:
            Stuck: some are left; the text names their steps.
        """
        if left := self.faults.left():
            raise Stuck(
                f"faults that were to strike did not: {', '.join(left)} did not run so often (or has another name)"
            )


def _name(step: "Named") -> str:
    return step.name if isinstance(step, Step) else step
