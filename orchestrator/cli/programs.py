"""`docmill worker`, `api` and `bench`: they become the program that they start."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.everything import HOST, PORT
from orchestrator.cli.options import Json
from orchestrator.errors import UsageError


def worker(
    slots: Annotated[
        str | None,
        typer.Option("--slots", help='e.g. "gpu*1 llm*8 cpu*2"; a name may be given lanes: fast*1:realtime,gpu'),
    ] = None,
    pipelines: Annotated[str | None, typer.Option("--pipelines", help="module:attribute, comma separated.")] = None,
    lease: Annotated[float | None, typer.Option("--lease", help="Seconds until a lost machine's jobs go back.")] = None,
    json: Json = False,
) -> None:
    """Run a worker in the foreground; Ctrl-C lets its jobs end."""
    from orchestrator.cli.starting import Starter
    from orchestrator.embedded.parts import environment
    from orchestrator.embedded.services import program

    given = {"DOCMILL_SLOTS": slots, "DOCMILL_PIPELINES": pipelines, "DOCMILL_LEASE": lease}
    # Before the settings are read, so that they are checked with these.
    os.environ.update({name: str(value) for name, value in given.items() if value is not None})
    starter = Starter.prepare()
    starter.start()
    _become(program("worker"), environment(starter.settings), json)


def api(
    host: Annotated[str, typer.Option("--host", help="Where it listens.")] = HOST,
    port: Annotated[int, typer.Option("--port", help="Its port.")] = PORT,
    json: Json = False,
) -> None:
    """Run the REST API in the foreground."""
    from orchestrator.connection import check_server
    from orchestrator.embedded.parts import Parts, environment
    from orchestrator.embedded.services import program
    from orchestrator.settings import load_settings

    settings = load_settings()
    parts = Parts(settings)
    parts.begin()
    redis_url = parts.ensure_redis()
    check_server(redis_url)
    told = environment(parts.resolved(redis_url, settings.llm_url))
    _become([*program("api"), "--host", host, "--port", str(port)], told, json)


def bench(context: typer.Context, json: Json = False) -> None:
    """Measure this docmill against Celery; options go to `python -m benchmarks` (--quick …)."""
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / "benchmarks" / "__main__.py").exists():
        raise UsageError("the benchmarks are not part of the installed package: run docmill bench in a checkout")
    os.chdir(checkout)
    if json:
        raise typer.Exit(_bench_as_json(context.args))
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks", *context.args])


def _bench_as_json(options: Sequence[str]) -> int:
    """Run it with its table on stderr, and print its figures."""
    import subprocess
    import tempfile

    import msgspec

    from orchestrator.cli.output import show_json
    from orchestrator.errors import DocmillError

    with tempfile.NamedTemporaryFile(suffix=".json") as figures:
        command = [sys.executable, "-m", "benchmarks", *options, "--json", figures.name]
        code = subprocess.run(command, stdout=sys.stderr, check=False).returncode
        written = Path(figures.name).read_bytes()
    if not written:
        raise DocmillError(f"the benchmarks ended with exit code {code}")
    show_json(msgspec.json.decode(written))
    return code


def _become(command: Sequence[str], told: Mapping[str, str], as_json: bool) -> None:
    """Replace this process by the program, so that signals reach it; with --json, stdout says who it is and no more."""
    if as_json:
        from orchestrator.cli.output import show_json

        show_json({"pid": os.getpid(), "command": list(command)})
        sys.stdout.flush()
        os.dup2(2, 1)
    os.execve(command[0], list(command), {**os.environ, **told})
