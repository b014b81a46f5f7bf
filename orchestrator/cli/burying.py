"""`docmill dead`: the dead letters."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.options import Json

if TYPE_CHECKING:
    from orchestrator.outlook.dead_letters import DeadLetters


def dead(
    limit: Annotated[int, typer.Option("--limit", help="At most so many, the newest.", min=1)] = 20,
    error: Annotated[str | None, typer.Option("--error", help="Only those whose error has this word.")] = None,
    json: Json = False,
) -> None:
    """List documents that failed for good, what they failed of, and how to run them again."""
    from orchestrator.cli.output import show_json

    found = asyncio.run(_read(limit, error))
    if json:
        import msgspec

        show_json(msgspec.to_builtins(found))
    else:
        _show(found)


async def _read(limit: int, error: str | None) -> "DeadLetters":
    from orchestrator.cli.connecting import reading
    from orchestrator.outlook.dead_letters import read_dead_letters, tell_whys

    async with reading() as mill:
        found = await read_dead_letters(mill, limit, error)
        await tell_whys(mill, found.letters)
        return found


def _show(found: "DeadLetters") -> None:
    from rich.markup import escape

    from orchestrator.cli.outlook_tables import dead as table
    from orchestrator.cli.output import results

    out = results()
    if not found.letters:
        out.print("no dead letters")
        return
    out.print(table(found.letters))
    for kind in found.kinds:
        where = f" in {kind.step}" if kind.step else ""
        out.print(f"{kind.count} x [red]{escape(kind.error)}[/]{where}")
    out.print(f"[dim]{found.total} in all. Why: docmill why ID. Again: docmill retry ID, or all of a kind:[/]")
    out.print(f"[dim]docmill retry --status failed --error {escape(found.kinds[0].error)} --dry-run[/]")
