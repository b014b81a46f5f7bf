"""What each lane has before it, and when it is through with that, and what waits elsewhere for it."""

from collections import Counter

import msgspec

from orchestrator.calls import MeasureCalls
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.outlook.figures import figures_of
from orchestrator.outlook.meeting import Meeting
from orchestrator.outlook.standing import DELAYED, HELD
from orchestrator.outlook.views import LaneFigures, LaneOutlook
from orchestrator.workforce import Workforce, read_workforce

MOST_ELSEWHERE = 200
"""Jobs of one zset that are looked at for their lane: `delayed`, each `held:<reason>`."""
MOST_REASONS = 50


async def read_lanes(transport: Asynchronous, lease: float) -> list[LaneOutlook]:
    """Every lane that ever held a job, or that a worker serves, by name.

    Args:
        lease: seconds that a worker may be silent before its leases end.
    """
    return await outlook_of(transport, await read_workforce(transport, lease))


async def outlook_of(transport: Asynchronous, workforce: Workforce) -> list[LaneOutlook]:
    """The same, where it is known who works."""
    figures = await figures_of(transport, workforce)
    elsewhere, at_least = await _read_elsewhere(transport, MeasureCalls(Keys()))
    return [_with_elsewhere(lane, elsewhere, at_least) for lane in figures.lanes]


def _with_elsewhere(lane: LaneFigures, elsewhere: "Counter[tuple[str, str]]", at_least: bool) -> LaneOutlook:
    held, delayed = elsewhere[lane.name, HELD], elsewhere[lane.name, DELAYED]
    return LaneOutlook(**msgspec.structs.asdict(lane), held=held, delayed=delayed, at_least=at_least)


async def _read_elsewhere(transport: Asynchronous, calls: MeasureCalls) -> "tuple[Counter[tuple[str, str]], bool]":
    """Jobs that are held or delayed, by lane, and whether there are more than were looked at."""
    reasons = await transport.send(calls.reasons())
    zsets = [DELAYED, *(HELD + reason for reason in reasons[:MOST_REASONS])]
    found = await transport.send_all([calls.first(zset, MOST_ELSEWHERE) for zset in zsets])
    meeting = Meeting(transport, calls)
    await meeting.meet([job for jobs in found for job in jobs])
    counted: Counter[tuple[str, str]] = Counter()
    for zset, jobs in zip(zsets, found, strict=True):
        for job in jobs:
            counted[meeting.lane_of(job), DELAYED if zset == DELAYED else HELD] += 1
    return counted, len(reasons) > MOST_REASONS or any(len(jobs) == MOST_ELSEWHERE for jobs in found)
