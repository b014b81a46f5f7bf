"""Times as people give them on the command line."""

import re
from datetime import datetime, timedelta

from orchestrator.errors import UsageError

AGO = re.compile(r"(\d+)\s*([smhdw])")
EPOCH = re.compile(r"\d{9,}(\.\d+)?")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def later(option: str, text: str | None) -> float | None:
    """Seconds of the epoch of a time to come: a date and time (of this zone, where it names none), or seconds of the epoch.

    Raises:
        UsageError: it is neither; the text names the option.
    """
    if text is None:
        return None
    try:
        return float(text) if EPOCH.fullmatch(text) else datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        raise UsageError(
            f"{option} {text!r}: give a date and time, 2026-11-01T08:30, 2026-11-01T08:30+01:00, or seconds of the epoch"
        ) from None


def moment(option: str, text: str | None) -> float | None:
    """Seconds of the epoch of a time: so long ago (`90m`, `2h`, `3d`), or a date and time (of this zone).

    Raises:
        UsageError: it is neither; the text names the option.
    """
    if text is None:
        return None
    try:
        if ago := AGO.fullmatch(text.strip()):
            return (datetime.now() - timedelta(**{UNITS[ago[2]]: int(ago[1])})).timestamp()
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        raise UsageError(f"{option} {text!r}: give a time ago (90m, 2h, 3d), or 2026-11-01, 2026-11-01T08:30") from None
