"""How long a step's runs may take, and how its waiting jobs may be run together."""

import re
from dataclasses import dataclass

from orchestrator.errors import PipelineError

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
LARGEST_BATCH = 32
"""Jobs: more would keep the server for more than a millisecond in one call."""


@dataclass(frozen=True)
class Limits:
    """In seconds; None is none.

    Args:
        soft: of one run: `SoftLimit` is raised inside the step.
        hard: of one run: its process is killed (an async step: its task is abandoned), and the attempt counts.
        wait: in the lane, each time: the job fails.
        total: from its first start, over all its runs: the job fails.
    """

    soft: float | None = 540.0
    hard: float | None = 600.0
    wait: float | None = None
    total: float | None = None

    def check(self, name: str) -> None:
        """Refuse what cannot be meant.

        Raises:
            PipelineError: a limit that is not more than 0, or a soft limit that is not below the hard one.
        """
        for which in ("soft", "hard", "wait", "total"):
            given = getattr(self, which)
            if given is not None and not given > 0:
                raise PipelineError(f"step {name!r}: {which}_limit must be more than 0 seconds, or None for no limit")
        if self.soft is not None and self.hard is not None and self.soft >= self.hard:
            raise PipelineError(
                f"step {name!r}: soft_limit={self.soft:g} must be less than hard_limit={self.hard:g}, "
                "which kills what the soft one could not end"
            )


@dataclass(frozen=True)
class Concurrency:
    """How many jobs of a step may run at once, over all workers; more wait in `held`, and one comes back for each that ends.

    Args:
        most: jobs at once, for each value of `by`.
        by: `tenant`, or a parameter of the pipeline; None is all together.
        name: of the limit; steps that name the same share it. None takes the step's.
    """

    most: int
    by: str | None = None
    name: str | None = None

    def check(self, name: str) -> None:
        """Refuse what cannot be meant.

        Raises:
            PipelineError: a bound below 1, or a name that is none.
        """
        if self.most < 1 or not NAME.fullmatch(self.name or "all"):
            raise PipelineError(
                f"step {name!r}: its concurrency is 1 or more, and its name lower-case letters, digits and _"
            )

    def words(self, step: str) -> str:
        """As the plan has it."""
        by = "-" if self.by is None else "tenant" if self.by == "tenant" else f"={self.by}"
        return f"{self.name or step} {self.most} {by}"


@dataclass(frozen=True)
class Batch:
    """Waiting jobs of one step, run in one call: its first parameter is the list of their values, and it returns a list
    of as many results, in the same order. Each job is still leased, completed, retried and failed by itself.

    Args:
        max_size: how many at most, up to 32.
        max_wait_ms: how long a batch that is not full waits for more, while other documents are on their way.
        key: a parameter of the step that takes a parameter of the pipeline: only jobs with the same value go together.
    """

    max_size: int
    max_wait_ms: float = 10.0
    key: str | None = None

    def check(self, name: str) -> None:
        """Refuse what cannot be meant.

        Raises:
            PipelineError: a size outside 1 to 32, or a negative wait.
        """
        if not 1 <= self.max_size <= LARGEST_BATCH or self.max_wait_ms < 0:
            raise PipelineError(
                f"step {name!r}: a batch has a max_size of 1 to {LARGEST_BATCH} and a max_wait_ms of 0 or more"
            )
