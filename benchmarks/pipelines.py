"""The pipelines that are measured: they do nothing, so what is left is docmill."""

import time

import msgspec

from benchmarks.board import board
from orchestrator import pipeline, step

LONG = 60.0
"""Seconds that the first run of `doze` would take: nobody waits for it, its process is killed."""


class Baton(msgspec.Struct, frozen=True):
    """What one step hands to the next."""

    document: str
    passed: int = 0


@step
def beat(document: str) -> str:
    """The step of a document of one step."""
    board().step(last=True)
    return document


@step
def first(baton: Baton) -> Baton:
    """The first of four."""
    return _hand_on(baton)


@step
def second(baton: Baton) -> Baton:
    """The second of four."""
    return _hand_on(baton)


@step
def third(baton: Baton) -> Baton:
    """The third of four."""
    return _hand_on(baton)


@step
def fourth(baton: Baton) -> Baton:
    """The last of four."""
    return _hand_on(baton, last=True)


@step
def slumber(document: str) -> str:
    """Sleep when run for the first time, answer at once when run again."""
    board().step()
    if board().steps == 1:
        time.sleep(LONG)
    return document


@pipeline()
def noop(document: str) -> str:
    """One step."""
    return beat(document)


@pipeline()
def chain(baton: Baton) -> Baton:
    """Four steps, one after the other."""
    return fourth(third(second(first(baton))))


@pipeline()
def doze(document: str) -> str:
    """One step that is killed while it sleeps."""
    return slumber(document)


def _hand_on(baton: Baton, last: bool = False) -> Baton:
    board().step(last)
    return Baton(baton.document, baton.passed + 1)
