"""`docmill api` and `bench`: they become the program that they start."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.everything import HOST, PORT
from orchestrator.cli.options import Json
from orchestrator.errors import UsageError


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
    become([*program("api"), "--host", host, "--port", str(port)], told, json)


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


def become(command: Sequence[str], told: Mapping[str, str], as_json: bool) -> None:
    """Replace this process by the program, so that signals reach it; with --json, stdout says who it is and no more."""
    if as_json:
        say_who(command)
    os.execve(command[0], list(command), {**os.environ, **told})


def say_who(command: Sequence[str]) -> None:
    """The one JSON value of a program that stays: who it is; all else goes to stderr from here on."""
    from orchestrator.cli.output import show_json

    show_json({"pid": os.getpid(), "command": list(command)})
    sys.stdout.flush()
    os.dup2(2, 1)
