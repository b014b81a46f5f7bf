"""`docmill lanes`: what waits in each lane, who serves it, and when it is through with that."""

import asyncio
from typing import TYPE_CHECKING

from orchestrator.cli.options import Json

if TYPE_CHECKING:
    from orchestrator.outlook.views import LaneOutlook

NO_LANE = "no lane has held a job yet, and no worker serves one"


def lanes(json: Json = False) -> None:
    """Show each lane: what is ready by priority, held, delayed, running; its slots, its pace, and when it is empty."""
    from orchestrator.cli.output import results, show_json

    found = asyncio.run(_read())
    if json:
        import msgspec

        show_json({"lanes": msgspec.to_builtins(found)})
        return
    from orchestrator.cli.outlook_tables import bases, outlooks

    out = results()
    out.print(outlooks(found) if found else NO_LANE)
    for line in bases(found):
        out.print(line)


async def _read() -> "list[LaneOutlook]":
    from orchestrator.cli.connecting import reading
    from orchestrator.outlook.lanes import read_lanes

    async with reading() as mill:
        return await read_lanes(mill.transport, mill.settings.lease)
