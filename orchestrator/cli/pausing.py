"""`docmill pause` and `resume`: a lane, a pipeline or a tenant gives out no more jobs, until it does again."""

import asyncio
from typing import Annotated

import typer

from orchestrator.cli.options import Json
from orchestrator.errors import UsageError

KINDS = ("lane", "pipeline", "tenant")

Kind = Annotated[
    str | None, typer.Argument(help="lane, pipeline or tenant; none lists what is paused.", metavar="[KIND]")
]
What = Annotated[str, typer.Argument(help="lane, pipeline or tenant.", metavar="KIND")]
Name = Annotated[str, typer.Argument(help="Its name.", metavar="NAME")]
PausedName = Annotated[str | None, typer.Argument(help="Its name.", metavar="[NAME]")]


def pause(kind: Kind = None, name: PausedName = None, json: Json = False) -> None:
    """Give out no more jobs of a lane, pipeline or tenant; what runs goes on. Alone, it lists what is paused."""
    if kind is None:
        return _tell_paused(asyncio.run(_paused()), json)
    checked = _checked(kind, name)
    return _tell(asyncio.run(_pause(*checked)), *checked, json)


def resume(kind: What, name: Name, json: Json = False) -> None:
    """Give out the jobs of a lane, pipeline or tenant again, each at its own place."""
    checked = _checked(kind, name)
    _tell(asyncio.run(_resume(*checked)), *checked, json)


def _checked(kind: str, name: str | None) -> tuple[str, str]:
    if kind not in KINDS or not name:
        raise UsageError(f"name what is meant: one of {', '.join(KINDS)}, and its name, such as: lane gpu")
    return kind, name


async def _pause(kind: str, name: str) -> str:
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        await mill.pause(kind, name)
    return "paused"


async def _resume(kind: str, name: str) -> str:
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        await mill.resume(kind, name)
    return "resumed"


async def _paused() -> dict[str, str]:
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await mill.paused()


def _tell(word: str, kind: str, name: str, json: bool) -> None:
    from orchestrator.cli.output import results, show_json

    if json:
        show_json({"kind": kind, "name": name, "state": word})
    else:
        results().print(f"{kind} {name}: {word}")


def _tell_paused(paused: dict[str, str], json: bool) -> None:
    from orchestrator.cli.output import results, show_json
    from orchestrator.cli.wording import local_time

    if json:
        return show_json(paused)
    for what, since in paused.items():
        results().print(f"{what.replace(':', ' ', 1)}: paused since {local_time(since)}")
    if not paused:
        results().print("nothing is paused")
    return None
