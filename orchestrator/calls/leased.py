"""A job that a slot holds, as a claim tells of it."""

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
    whose: str
    """Its document's tenant, and what a trace needs, as in `lua/lib/origin.lua`."""
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
    def tenant(self) -> str:
        """For whom it is."""
        return self.whose.split(" ", 3)[3] if self.whose.startswith("@") else self.whose

    @property
    def origin(self) -> "Origin | None":
        """Where its trace comes from; None where its document has none."""
        if not self.whose.startswith("@"):
            return None
        parent, before, waited, _ = self.whose[1:].split(" ", 3)
        return Origin(parent, before, int(waited))

    @property
    def index(self) -> int | None:
        """The item's index in its fan-out."""
        _, bracket, rest = self.job.partition("[")
        return int(rest[:-1]) if bracket else None


class Origin(msgspec.Struct, frozen=True):
    """Where the trace of a job comes from.

    Args:
        parent: the traceparent that its document was submitted with.
        before: the token of the job's last run; `0` where it has none.
        waited: how long it was ready, ms.
    """

    parent: str
    before: str
    waited: int
