"""`docmill up` and `docmill down`: everything at once."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestrator.cli.options import Json

if TYPE_CHECKING:
    from orchestrator.cli.starting import Starter

HOST, PORT = "127.0.0.1", 8700


def up(
    api: Annotated[bool, typer.Option("--api/--no-api", help="Also start the REST API.")] = True,
    host: Annotated[str, typer.Option("--host", help="Where the API listens.")] = HOST,
    port: Annotated[int, typer.Option("--port", help="The API's port.")] = PORT,
    json: Json = False,
) -> None:
    """Start a worker and the API, and a private Redis and LLM server where none are configured.

    They run on until `docmill down`. What runs already is left as it is.
    """
    from orchestrator.cli.output import notes, results, show_json
    from orchestrator.cli.starting import Starter

    starter = Starter.prepare()
    starter.start()
    for warning in starter.warnings:
        notes().print(f"[yellow]warning:[/] {warning}")
    asyncio.run(_start_worker(starter))
    running = _describe(starter, _start_api(starter, host, port) if api else None)
    if json:
        show_json(running)
    else:
        for name, value in running.items():
            results().print(f"{name:<10} {value}")


def down(
    wait: Annotated[
        float, typer.Option("--wait", help="Seconds for the jobs that run; then they go back.", min=0)
    ] = 60.0,
    json: Json = False,
) -> None:
    """End everything that docmill started: worker, API, LLM server, Redis. Documents and results stay."""
    from orchestrator.cli.output import results, show_json
    from orchestrator.embedded.parts import Parts
    from orchestrator.settings import load_settings

    ended = [name for name, ran in Parts(load_settings()).stop(wait) if ran]
    if json:
        show_json({"ended": ended})
    else:
        results().print(f"ended: {', '.join(ended)}" if ended else "nothing was running")


async def _start_worker(starter: "Starter") -> None:
    async with starter.mill() as mill:
        await starter.until_ready(mill)


def _start_api(starter: "Starter", host: str, port: int) -> str:
    from orchestrator.embedded.parts import environment

    return starter.parts.api.ensure(environment(starter.settings), host, port)


def _describe(starter: "Starter", api: str | None) -> dict[str, Any]:
    from orchestrator.connection.url import readable_url

    worker = starter.parts.worker.program
    record = worker.record
    return {
        "redis": readable_url(starter.settings.redis_url or ""),
        "llm": starter.settings.llm_url or "none: no pipeline asks for one",
        "worker": f"pid {record.pid}" if record and worker.is_running else "one of yours is alive",
        "api": api or "not started",
        "data": str(starter.settings.data_dir),
        "logs": str(worker.log.parent),
    }
