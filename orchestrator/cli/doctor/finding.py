"""What a check found."""

from typing import Literal

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One line of the report."""

    name: str
    state: Literal["ok", "warn", "fail"]
    text: str
    fix: str = ""
    """What to do; empty where nothing is to be done."""


def ok(name: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(name, "ok", text)


def warn(name: str, text: str, fix: str = "") -> Finding:
    """It works, but not as it should."""
    return Finding(name, "warn", text, fix)


def fail(name: str, text: str, fix: str = "") -> Finding:
    """It does not work."""
    return Finding(name, "fail", text, fix)
