"""What is run: steps that do nothing, some of which fail."""

from orchestrator import Context, EndedBatch, Fatal, pipeline, step


@step(retries=0)
def look(number: int, bad: bool) -> int:
    """Fails where it is told to."""
    if bad:
        raise Fatal("this one is bad")
    return number


@pipeline()
def one(number: int, bad: bool = False) -> int:
    """A document of a batch."""
    return look(number, bad)


@step
def tally(batch: EndedBatch, ctx: Context) -> dict[str, int]:
    """Reads every outcome, and adds up what succeeded."""
    counts = {"sum": 0}
    for outcome in ctx.outcomes(batch):
        counts[outcome.status] = counts.get(outcome.status, 0) + 1
        counts["sum"] += outcome.output or 0
    return counts


@pipeline()
def tallied(batch: EndedBatch) -> dict[str, int]:
    """The aggregate."""
    return tally(batch)


@step
def numbers(count: int) -> list[int]:
    """A long list."""
    return list(range(count))


@step
def double(number: int) -> int:
    """One item."""
    return 2 * number


@step
def total(doubled: list[int]) -> int:
    """The join."""
    return sum(doubled)


@pipeline()
def fanned(count: int) -> int:
    """A fan-out and its join."""
    return total(double.map(numbers(count)))
