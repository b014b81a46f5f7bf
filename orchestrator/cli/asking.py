"""Asking before something is gone for good."""

import sys

import typer

from orchestrator.errors import UsageError


def ask(what: str, *, yes: bool, json: bool) -> None:
    """Go on only where somebody says so.

    Args:
        what: is about to be done.
        yes: it was said on the command line.

    Raises:
        UsageError: there is nobody to ask.
    """
    if yes:
        return
    if json or not sys.stdin.isatty():
        raise UsageError(f"{what}? That cannot be undone: say so with --yes")
    typer.confirm(f"{what}? That cannot be undone", abort=True, err=True)
