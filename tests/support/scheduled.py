"""Schedules of tests: pipelines, and a look at what Redis keeps."""

from datetime import datetime

from orchestrator import pipeline, step
from orchestrator.schedules import Schedule
from orchestrator.source import Source
from tests.support.engine import Engine

HOUR = 3600


@step
def note(tick: datetime) -> str:
    """What a pipeline is told of the tick that it is for."""
    return tick.isoformat()


@pipeline()
def report(tick: datetime) -> str:
    """One that asks for it."""
    return note(tick)


@step(when=lambda loud: loud)
def shout(loud: bool) -> str:
    """A step that a parameter leaves out."""
    return "HELLO"


@pipeline()
def greeting(loud: bool) -> str:
    """One whose parameter does so."""
    return shout(loud)


@step
def taken(source: Source) -> Source:
    """A step that needs a file."""
    return source


@pipeline()
def filing(source: Source) -> Source:
    """One that takes a file."""
    return taken(source)


HOURLY = Schedule("hourly", "0 * * * *", "chain", {"text": "a"}, priority=7, tenant="acme")


def put_off(engine: Engine, name: str, seconds: float) -> float:
    """Let the schedule wait for a tick, a whole hour, that is so long past; returns it."""
    moment = int(engine.transport.send(engine.documents.time()) - seconds) // HOUR * HOUR
    engine.server.redis.zadd(engine.keys.named("schedules"), {name: moment * 1000})
    return moment


def kept(engine: Engine, name: str = "hourly") -> dict[str, str]:
    """A schedule's fields."""
    return engine.server.redis.hgetall(engine.keys.schedule(name))


def documents(engine: Engine) -> list[str]:
    """All there are, oldest first."""
    return sorted(engine.server.redis.zrange(engine.keys.by("queued"), 0, -1))


def due(engine: Engine, name: str = "hourly") -> float:
    """When it is due, seconds."""
    return engine.server.redis.zscore(engine.keys.named("schedules"), name) / 1000
