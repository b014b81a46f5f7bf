"""What was seen of one fault on one side."""

from dataclasses import dataclass

BOUND = 15.0
"""Seconds after which the script waits no longer."""
FAULTY, NEXT = "faulty", "next"
"""The job that meets the fault, and one that waits behind it."""


@dataclass(frozen=True)
class Seen:
    """One cell.

    Args:
        words: short, for people.
        seconds: from the fault, or from the passing of the limit, to the start of the next job; None where none started
            within `BOUND`, or where the row counts instead.
        counts: whether the row counts runs instead of seconds.
        runs: how often the job that met the fault began; of several jobs, all together.
    """

    words: str
    seconds: float | None = None
    counts: bool = False
    runs: int | None = None

    @property
    def time(self) -> str:
        """For the table."""
        if self.seconds is not None:
            return f"{self.seconds:.2f}"
        return "" if self.counts else f"not in {BOUND:g} s"
