"""A job that a slot holds, as claim describes it."""

import msgspec


class Leased(msgspec.Struct, frozen=True):
    """A job that a slot holds."""

    job: str
    """`<document>/<step>` or `<document>/<step>[i]`."""
    token: str
    """The fence."""
    pipeline: str
    attempt: int
    delivery: int
    memory: int
    """How often it found too little memory; from the second time on it wants a fresh process."""
    item: bytes | None
    """One element of the list that a fan-out maps over, JSON."""
    needs: list[bytes | None]
    """The values that the step takes, in the plan's order; None where one is too large to be carried."""

    @property
    def document(self) -> str:
        """The document's id."""
        return self.job.partition("/")[0]

    @property
    def step(self) -> str:
        """The step's name."""
        return self.job.partition("/")[2].partition("[")[0]

    @property
    def index(self) -> int | None:
        """The item's index in its fan-out."""
        _, bracket, rest = self.job.partition("[")
        return int(rest[:-1]) if bracket else None
