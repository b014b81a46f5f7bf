"""`docmill status`, `result` and `list`: look, change nothing."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestrator.cli.options import DocumentId, Json
from orchestrator.errors import DocmillError

if TYPE_CHECKING:
    from orchestrator.views import Document


def status(document: DocumentId, json: Json = False) -> None:
    """Show a document: its state, its steps and what they wait for, and what was unusual."""
    from orchestrator.cli.output import show_json

    found = asyncio.run(_get(document))
    if json:
        import msgspec

        show_json(msgspec.to_builtins(found))
    else:
        _show(found)


def result(
    document: DocumentId,
    step: Annotated[str | None, typer.Option("--step", help="The whole output of one step, e.g. ocr.")] = None,
    wait: Annotated[
        float, typer.Option("--wait", help="Seconds to wait for the document's end (exit code 4).", min=0)
    ] = 0.0,
    json: Json = False,
) -> None:
    """Print a document's outputs as JSON; fails while it runs, and where it did not succeed."""
    from orchestrator.cli.output import show_json

    del json  # it is JSON anyway; the option is there because every command has it
    show_json(asyncio.run(_result(document, step, wait)))


def list_documents(
    status: Annotated[str | None, typer.Option("--status", help="queued, running, succeeded, failed …")] = None,
    pipeline: Annotated[str | None, typer.Option("--pipeline", help="Only of this pipeline.")] = None,
    flag: Annotated[str | None, typer.Option("--flag", help="Only those that carry it: needs_review.")] = None,
    limit: Annotated[int, typer.Option("--limit", help="At most so many, the newest.", min=1)] = 50,
    json: Json = False,
) -> None:
    """List documents, newest first."""
    from orchestrator.cli.output import results, show_json

    found = asyncio.run(_list(status, pipeline, limit, flag))
    if json:
        import msgspec

        show_json(msgspec.to_builtins(found))
    else:
        from orchestrator.cli.tables import documents

        out = results()
        out.print(documents(found, out.width) if found else "no such document")


async def _get(document: str) -> "Document":
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await mill.get(document)


async def _list(status: str | None, pipeline: str | None, limit: int, flag: str | None) -> "list[Document]":
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await mill.list(status, limit, flag=flag, pipeline=pipeline)


async def _result(document: str, step: str | None, wait: float) -> Any:
    from orchestrator.cli.connecting import reading
    from orchestrator.views import is_reference

    async with reading() as mill:
        found = await (mill.wait(document, wait) if wait else mill.get(document))
        if step is not None:
            return await mill.output(document, step)
        _judge(found, wait)
        large = [name for name, output in found.outputs.items() if is_reference(output)]
        return found.outputs | {name: await mill.output(document, name) for name in large}


def _judge(found: "Document", wait: float) -> None:
    from orchestrator.errors import TooLate

    if not found.is_final:
        unfinished = f"{found.id} has no result yet: it is {found.status} (docmill status {found.id})"
        raise TooLate(unfinished) if wait else DocmillError(unfinished)
    if found.status not in {"succeeded", "partial"}:
        raise DocmillError(f"{found.id} {found.status}: {found.error or 'docmill status tells more'}")


def _show(found: "Document") -> None:
    from rich.markup import escape

    from orchestrator.cli.output import results
    from orchestrator.cli.tables import steps
    from orchestrator.cli.wording import between, coloured, local_time, log_line

    out = results()
    took = between(found.submitted_at, found.finished_at)
    out.print(f"[bold]{found.id}[/] {coloured(found.status)}" + (f" after {took}" if took else ""))
    out.print(f"{escape(found.pipeline)}, priority {found.priority}, submitted {local_time(found.submitted_at)}")
    if found.flags:
        out.print(f"[yellow]{', '.join(found.flags)}[/]")
    if found.error and found.status != "cancelled":  # then the log's line has the whole reason
        out.print(f"[red]{escape(found.error)}[/]")
    out.print(steps(found))
    for line in found.log:
        out.print(f"[dim]{escape(log_line(line, found.id))}[/]")
