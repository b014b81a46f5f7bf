"""The Redis protocol's way of writing a command, by hiredis."""

import hiredis

from orchestrator.calls.base import Word


def pack(words: tuple[Word, ...]) -> bytes:
    """The bytes of a command."""
    return hiredis.pack_command(words)  # pyright: ignore[reportArgumentType, reportUnknownMemberType, reportUnknownVariableType]
