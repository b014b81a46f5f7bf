"""`docmill submit`: hand documents over; a worker does the rest."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.entries import Entry, entries_of
from orchestrator.cli.options import (
    AnyFiles,
    Deadline,
    Delay,
    Json,
    Lanes,
    NotBefore,
    Parameters,
    PipelineName,
    Priority,
    Seconds,
    Submission,
    Tenant,
    together,
)

if TYPE_CHECKING:
    from orchestrator.client import Mill
    from orchestrator.registry import Registry
    from orchestrator.settings import Settings


def submit(
    files: AnyFiles = None,
    pipeline: PipelineName = "document",
    priority: Priority = 5,
    tenant: Tenant = "default",
    lane: Lanes = [],  # noqa: B006  # typer copies it
    param: Parameters = [],  # noqa: B006  # likewise
    wait: Annotated[bool, typer.Option("--wait", help="Until all have ended; then the exit code tells how.")] = False,
    deadline: Deadline = None,
    delay: Delay = 0.0,
    not_before: NotBefore = None,
    timeout: Seconds = None,
    json: Json = False,
) -> None:
    """Submit files, or parameters alone, and print the documents' ids; starts no worker."""
    from orchestrator.cli.output import results, show_json
    from orchestrator.connection import check_server
    from orchestrator.embedded.valkey import ensure_valkey
    from orchestrator.registry import load_registry
    from orchestrator.settings import load_settings

    together("--timeout", timeout is not None, "--wait", wait)
    settings = load_settings()
    registry = load_registry(settings)
    chosen = Submission.of(pipeline, priority, lane, param, deadline, delay, not_before, tenant)
    chosen.check(registry, files=bool(files))
    entries = entries_of(files or [], chosen)
    url = ensure_valkey(settings)
    check_server(url)
    asyncio.run(_run(url, settings, registry, entries, wait, timeout))
    if json:
        show_json([entry.as_json() for entry in entries])
    else:
        from orchestrator.cli.tables import accepted, outcomes

        results().print(outcomes(entries) if wait else accepted(entries))
    raise typer.Exit(_code(entries, wait))


def _code(entries: Sequence[Entry], wait: bool) -> int:
    well = all(entry.status == "succeeded" if wait else entry.error is None for entry in entries)
    return 0 if well else 1


async def _run(
    url: str, settings: "Settings", registry: "Registry", entries: Sequence[Entry], wait: bool, timeout: float | None
) -> None:
    from orchestrator.client import Mill

    async with Mill(url, settings, registry) as mill:
        for entry in entries:
            await entry.submit(mill)
        if wait:
            await _wait(mill, entries, timeout)
        else:
            for entry in entries:
                entry.document = await mill.get(entry.id) if entry.id else None


async def _wait(mill: "Mill", entries: Sequence[Entry], timeout: float | None) -> None:
    from orchestrator.cli.progress import display
    from orchestrator.cli.watching import Watch

    async def nothing() -> None:
        """Somebody else looks after the worker."""

    with display(len(entries)) as shown:
        await Watch(mill, entries, shown, nothing).run(timeout)
