"""What commands print: results on stdout, everything else on stderr."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from orchestrator.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 160
"""Columns where nobody's terminal says how many there are."""


def results() -> "Console":
    """For tables and answers."""
    return _console(stderr=False)


def notes() -> "Console":
    """For progress and remarks: a pipe of the results stays clean."""
    return _console(stderr=True)


def show_json(value: Any) -> None:
    """Print one JSON value and nothing else."""
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def show_error(text: str, *, as_json: bool) -> None:
    """Say what is wrong: on stderr for people, as `{"error": …}` on stdout for programs."""
    if as_json:
        show_json({"error": text})
    else:
        print(f"docmill: {text}", file=sys.stderr)


@contextmanager
def written_to(output: Path | None) -> Generator[IO[bytes]]:
    """The file, which is there only once it is whole; or stdout.

    Raises:
        UsageError: it cannot be written.
    """
    if output is None:
        yield sys.stdout.buffer
        return
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as target:
            yield target
        part.replace(output)
    except OSError as problem:
        raise UsageError(f"{output} cannot be written: {problem.strerror or problem}") from problem
    finally:
        part.unlink(missing_ok=True)


def _console(*, stderr: bool) -> "Console":
    from rich.console import Console

    is_terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, width=None if is_terminal else WIDE, highlight=False, soft_wrap=not is_terminal)
