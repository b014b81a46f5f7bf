"""`docmill schedule`: submit a pipeline again and again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.options import Json, Lanes, Parameters, Priority, Tenant, lanes_of, values_of

if TYPE_CHECKING:
    from orchestrator.client import Mill
    from orchestrator.schedules import Schedule, Scheduled

app = typer.Typer(help="Submit a pipeline again and again, at the times of a cron expression.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The schedule's name.", metavar="NAME")]
Cron = Annotated[
    str,
    typer.Argument(help="minute hour day month weekday, as in '30 2 * * 1-5'; six have seconds first.", metavar="CRON"),
]
Pipeline = Annotated[str, typer.Option("--pipeline", help="The pipeline, which takes no file.")]
Zone = Annotated[str, typer.Option("--zone", help="Time zone of the expression: Europe/Berlin.")]
Deadline = Annotated[
    float | None, typer.Option("--deadline", help="Seconds in which each must have ended.", metavar="SECONDS")
]
CatchUp = Annotated[
    str, typer.Option("--catch-up", help="Of ticks missed while nothing ran: run the latest, all (100) or none.")
]
Overlap = Annotated[
    str, typer.Option("--overlap", help="While the last document has not ended: allow another, or skip the tick.")
]
Replace = Annotated[bool, typer.Option("--replace", help="Take the place of another definition of that name.")]


@app.command()
def add(
    name: Name,
    cron: Cron,
    pipeline: Pipeline,
    param: Parameters = [],  # noqa: B006  # typer copies it
    zone: Zone = "UTC",
    priority: Priority = 5,
    tenant: Tenant = "default",
    lane: Lanes = [],  # noqa: B006  # likewise
    deadline: Deadline = None,
    catch_up: CatchUp = "latest",
    overlap: Overlap = "allow",
    replace: Replace = False,
    json: Json = False,
) -> None:
    """Add a schedule; the same again changes nothing. Workers and APIs submit its documents."""
    from orchestrator.schedules import Schedule

    values, lanes = values_of(param), lanes_of(lane)
    asked = Schedule(name, cron, pipeline, values, zone, priority, tenant, lanes, deadline, catch_up, overlap)
    word, kept = asyncio.run(_add(asked, replace))
    _tell(name, word, json, kept)


@app.command("list")
def list_schedules(json: Json = False) -> None:
    """List all, the one that is due first first."""
    from orchestrator.cli.output import results, show_json
    from orchestrator.cli.schedule_tables import as_json, schedules

    found = asyncio.run(_list())
    if json:
        return show_json([as_json(kept) for kept in found])
    return results().print(schedules(found) if found else "there is no schedule: docmill schedule add")


@app.command()
def show(name: Name, json: Json = False) -> None:
    """Show one schedule, its next ticks, and what became of the last ones."""
    from orchestrator.cli.output import results, show_json
    from orchestrator.cli.schedule_tables import as_json, details, log_line

    found, log = asyncio.run(_show(name))
    if json:
        return show_json(as_json(found) | {"log": log})
    results().print(details(found))
    for line in log:
        results().print(log_line(line), style="dim", markup=False)
    return None


@app.command()
def remove(name: Name, json: Json = False) -> None:
    """Remove it; its documents stay."""
    asyncio.run(_do(lambda mill: mill.remove_schedule(name)))
    _tell(name, "removed", json)


@app.command()
def pause(name: Name, json: Json = False) -> None:
    """Submit nothing until it is resumed."""
    asyncio.run(_do(lambda mill: mill.pause_schedule(name)))
    _tell(name, "paused", json)


@app.command()
def resume(name: Name, json: Json = False) -> None:
    """Go on with its next tick; those of the pause are not made up for."""
    asyncio.run(_do(lambda mill: mill.resume_schedule(name)))
    _tell(name, "resumed", json)


@app.command()
def run(name: Name, json: Json = False) -> None:
    """Submit its document now, besides its ticks."""
    from orchestrator.cli.output import results, show_json

    document = asyncio.run(_run(name))
    if json:
        show_json({"name": name, "id": document})
    else:
        results().print(document)


async def _add(asked: "Schedule", replace: bool) -> "tuple[str, Scheduled]":
    from orchestrator.cli.connecting import submitting

    async with submitting() as mill:
        return await mill.add_schedule(asked, replace=replace), await mill.schedule(asked.name)


async def _list() -> "Sequence[Scheduled]":
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await mill.schedules()


async def _show(name: str) -> "tuple[Scheduled, Sequence[str]]":
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await mill.schedule(name), await mill.schedule_log(name)


async def _do(act: "Callable[[Mill], Awaitable[None]]") -> None:
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        await act(mill)


async def _run(name: str) -> str:
    from orchestrator.cli.connecting import submitting

    async with submitting() as mill:
        return await mill.run_schedule(name)


def _tell(name: str, word: str, json: bool, kept: "Scheduled | None" = None) -> None:
    from orchestrator.cli.output import results, show_json
    from orchestrator.cli.schedule_tables import next_words

    if json:
        show_json({"name": name, "state": word} | ({"next_at": kept.next_at} if kept else {}))
    else:
        results().print(f"schedule {name}: {word}" + (f"; {next_words(kept)}" if kept else ""), markup=False)
