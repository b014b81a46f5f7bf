"""Figures in words. Pure."""

from orchestrator.outlook.spans import span


def many(count: int, word: str) -> str:
    """`1 job`, `1,240 jobs`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def rate(per_minute: float) -> str:
    """`412`, `3.5`, `0`."""
    return f"{per_minute:,.0f}" if per_minute >= 9.95 or not per_minute else f"{per_minute:.1f}"


def percent(share: float) -> str:
    """What is nearly all is not all: `99.7 %`, `100 %`."""
    told = f"{share * 100:.1f}".removesuffix(".0")
    return "> 99.9 %" if told == "100" and share < 1 else f"{told} %"


def lasting(seconds: float) -> str:
    """A duration; what is over is `0 s`."""
    return span(seconds) if seconds >= 0.001 else "0 s"


def size(count: float) -> str:
    """Bytes, as people say them."""
    for unit in ("B", "KiB", "MiB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" or count >= 9.95 else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"
