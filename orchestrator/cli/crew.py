"""`docmill workers`: who is alive, and what each slot does."""

import asyncio
from typing import TYPE_CHECKING

from orchestrator.cli.options import Json

if TYPE_CHECKING:
    from orchestrator.workforce import Workforce

NOBODY = "no worker runs: start one with docmill worker, or everything with docmill up"


def workers(json: Json = False) -> None:
    """Show the workers, their slots, and the job of each with its age and its limit."""
    from orchestrator.cli.output import show_json

    found = asyncio.run(_read())
    if json:
        import msgspec

        show_json({"workers": msgspec.to_builtins(found.workers)})
    else:
        _show(found)


async def _read() -> "Workforce":
    from orchestrator.cli.connecting import reading
    from orchestrator.workforce import read_workforce

    async with reading() as mill:
        return await read_workforce(mill.transport, mill.settings.lease)


def _show(found: "Workforce") -> None:
    from orchestrator.cli.output import results
    from orchestrator.cli.workforce_tables import cards, slots

    out = results()
    if not found.present:
        out.print(NOBODY)
        return
    out.print(slots(found.present, out.width))
    for line in cards(found.present):
        out.print(line)
