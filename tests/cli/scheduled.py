"""A pipeline that a schedule may submit."""

from orchestrator import pipeline, step


@step
def double(number: int) -> int:
    """A step."""
    return 2 * number


@pipeline()
def doubling(number: int) -> int:
    """It takes no file."""
    return double(number)
