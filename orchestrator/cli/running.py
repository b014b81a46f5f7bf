"""How a command runs: faults become one line and an exit code, never a traceback."""

import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from orchestrator.cli.output import show_error
from orchestrator.errors import DocmillError, NotFound, ServerError, TooLate, UsageError

FAILED, USAGE, NOT_FOUND, TOO_LATE, INTERRUPTED = 1, 2, 3, 4, 130
GOES_ON = "interrupted: what was submitted goes on (docmill list, docmill status ID); docmill down ends everything"


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code."""
    as_json = "--json" in arguments
    try:
        code = _run(arguments)
    except TyperException as problem:
        show_error(f"{problem.format_message()} Try: {_command_of(problem)} --help", as_json=as_json)
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except DocmillError as problem:
        show_error(str(problem), as_json=as_json)
        return exit_code(problem)
    except BrokenPipeError:
        # Whoever read our output has left; Python would say so once more as it ends.
        sys.stdout = None
        return FAILED
    except Exception as problem:
        # Not foreseen: the traceback follows on stderr, and a program that reads stdout still gets its one value.
        if as_json:
            show_error(f"{type(problem).__name__}: {problem}", as_json=True)
        raise
    if code == INTERRUPTED:
        show_error(GOES_ON, as_json=as_json)
    return code


def exit_code(problem: DocmillError) -> int:
    """The exit code that tells a script what kind of fault it was."""
    kinds = {NotFound: NOT_FOUND, UsageError: USAGE, ServerError: USAGE, TooLate: TOO_LATE}
    return next((code for kind, code in kinds.items() if isinstance(problem, kind)), FAILED)


def _command_of(problem: TyperException) -> str:
    """The command whose options were wrong: `docmill batch submit`."""
    context = getattr(problem, "ctx", None)
    return context.command_path if context else "docmill"


def _run(arguments: Sequence[str]) -> int:
    # Imported here: the commands import this module.
    from orchestrator.cli.app import app

    command = typer.main.get_command(app)
    code = command.main(args=list(arguments), prog_name="docmill", standalone_mode=False, obj=tuple(arguments))
    sys.stdout.flush()
    return code if isinstance(code, int) else 0
