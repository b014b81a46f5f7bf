"""placeholder"""


def doctor() -> None:
    """Check."""
