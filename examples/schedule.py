"""A report each night: a pipeline that no file starts, and the schedule that submits it.

DOCMILL_PIPELINES=examples.schedule:nightly docmill worker
DOCMILL_PIPELINES=examples.schedule:nightly python -m examples.schedule
"""

import asyncio
from datetime import datetime, timedelta

from orchestrator import pipeline, step
from orchestrator.client import Mill
from orchestrator.embedded.valkey import ensure_valkey
from orchestrator.schedules import Schedule
from orchestrator.settings import load_settings

REPORT = Schedule(
    name="nightly-report",
    cron="30 2 * * MON-SAT",
    zone="Europe/Berlin",  # the night that the clocks go forward has no 02:30: it is run at 03:00
    pipeline="nightly",
    parameters={"department": "invoices"},
    overlap="skip",  # never two at once
    catch_up="latest",  # after a weekend without servers, Saturday's only
)


@step
def day_before(tick: datetime) -> str:
    """A step that needs to know which night it is for, however late it runs."""
    return (tick - timedelta(days=1)).date().isoformat()


@step
def write(department: str, day: str) -> str:
    """Here one would read what was stored that day."""
    return f"{department}, {day}"


@pipeline()
def nightly(department: str, tick: datetime) -> str:
    """`tick` is filled in: the time that the schedule was due, in its own zone."""
    return write(department, day_before(tick))


async def main() -> None:
    """Add the schedule (the same again changes nothing), and say when it is due."""
    settings = load_settings()
    async with Mill.connect(ensure_valkey(settings), settings) as mill:
        word = await mill.add_schedule(REPORT, replace=True)
        kept = await mill.schedule(REPORT.name)
    print(f"{REPORT.name}: {word}, next {kept.next_at}")


if __name__ == "__main__":
    asyncio.run(main())
