"""`docmill why`: what a document waits for, what is ahead of it, until about when; why it failed, where its time went."""

import asyncio
from typing import TYPE_CHECKING

from orchestrator.cli.options import DocumentId, Json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.outlook.views import StepWhy, Why

LAST_LINES = 10
"""Of a document's log."""


def why(document: DocumentId, json: Json = False) -> None:
    """Say why a document is where it is, and until about when, with the basis of the estimate."""
    from orchestrator.cli.output import results, show_json

    found = asyncio.run(_read(document))
    if json:
        import msgspec

        show_json(msgspec.to_builtins(found))
        return
    out = results()
    for line in lines(found):
        out.print(line)
    if found.spent:
        from orchestrator.cli.outlook_tables import spent

        out.print(spent(found))


async def _read(document: str) -> "Why":
    from orchestrator.cli.connecting import reading
    from orchestrator.outlook.whys import read_why

    async with reading() as mill:
        return await read_why(mill, document)


def lines(found: "Why") -> "Iterator[str]":
    """What there is to say of it, as marked-up lines."""
    from rich.markup import escape

    from orchestrator.cli.wording import coloured, log_line

    yield f"[bold]{found.document}[/] {coloured(found.status)} [dim]{escape(found.pipeline)}[/]"
    if found.waited is not None:
        yield escape(found.says)
    else:
        yield from _of_end(found)
    for step in found.steps:
        yield from _of_step(step)
    if found.retries:
        yield f"docmill retry {found.document} runs again: {escape(_of_retry(found))}"
    for line in found.log[-LAST_LINES:]:
        yield f"[dim]{escape(log_line(line, found.document))}[/]"


def _of_end(found: "Why") -> "Iterator[str]":
    from rich.markup import escape

    from orchestrator.cli.outlook_tables import clock_range
    from orchestrator.outlook.spans import within

    if found.ends is None:
        yield f"[yellow]when it ends cannot be said:[/] {escape(found.basis)}"
    else:
        yield f"it ends {within(found.ends)} ({clock_range(found.at, found.ends)})"


def _of_step(step: "StepWhy") -> "Iterator[str]":
    from rich.markup import escape

    yield f"[bold]{step.name}[/] {escape(step.says)}"
    if step.basis and step.state != "waiting":
        yield f"  [dim]{escape(step.basis)}[/]"


def _of_retry(found: "Why") -> str:
    return ", ".join(
        f"{step} (the items that it lacks)" if how == "rest" else step for step, how in found.retries.items()
    )
