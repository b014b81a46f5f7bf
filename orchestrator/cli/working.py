"""`docmill worker`: becomes the worker, or watches over one that is restarted when code changes."""

import os
from typing import Annotated

import typer

from orchestrator.cli.options import Json

NO_SETTINGS = {"reload", "json"}
"""Options of the command itself; every other one is the setting of its name."""


def worker(
    context: typer.Context,
    slots: Annotated[str | None, typer.Option(help='"gpu*1 llm*8 cpu*2"; with lanes: "fast*1=realtime,gpu".')] = None,
    pipelines: Annotated[str | None, typer.Option(help="module:attribute, comma separated.")] = None,
    lanes: Annotated[str | None, typer.Option(help="More lanes than the pipelines declare, comma separated.")] = None,
    lease: Annotated[str | None, typer.Option(help="Seconds until a lost machine's jobs go back.")] = None,
    gpus: Annotated[str | None, typer.Option(help="Cards of the gpu slots: all, or indexes, comma separated.")] = None,
    vram_budget: Annotated[str | None, typer.Option(help="What a process' models may take: 80%, 12GB.")] = None,
    drain_timeout: Annotated[str | None, typer.Option(help="Seconds for the jobs that run, after Ctrl-C.")] = None,
    max_rss: Annotated[str | None, typer.Option(help="Most memory of a slot process: 4GiB.")] = None,
    recycle_jobs: Annotated[
        str | None, typer.Option(help="Replace a slot process after so many jobs; 0 never.")
    ] = None,
    reload: Annotated[bool, typer.Option("--reload", help="Restart it when Python files change.")] = False,
    json: Json = False,
) -> None:
    """Run a worker in the foreground; Ctrl-C lets its jobs end. Options are the settings of the same name."""
    from orchestrator.cli.programs import become
    from orchestrator.cli.reloading import Reloading
    from orchestrator.cli.starting import Starter
    from orchestrator.embedded.parts import environment
    from orchestrator.embedded.services import program

    given = {name: value for name, value in context.params.items() if name not in NO_SETTINGS and value is not None}
    # Before the settings are read, so that they are checked with these.
    os.environ.update({f"DOCMILL_{name.upper()}": value for name, value in given.items()})
    starter = Starter.prepare()
    starter.start()
    command, told = program("worker"), environment(starter.settings)
    if reload:
        Reloading(command, told).run(starter.settings.pipelines, as_json=json)
    else:
        become(command, told, json)
