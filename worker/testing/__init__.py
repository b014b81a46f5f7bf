"""Helpers for those who test their own pipelines: a throw-away server, a mill that runs in the test's own process, faults.

`mill` runs jobs with docmill's real scripts and the worker's real executor; `faults` and `instruments` make steps go
wrong; `clock` makes time pass; `workers` starts a real worker; `plugin` is what pytest loads.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from worker.testing.mill import TestMill

__all__ = ["TestMill"]


def __getattr__(name: str) -> Any:
    """Import what is asked for only now: pytest loads this package in every run, also where nobody uses it."""
    if name == "TestMill":
        from worker.testing.mill import TestMill

        return TestMill
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
