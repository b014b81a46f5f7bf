"""A call: the words of one command, and how its reply is read."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from orchestrator.lua import library

T = TypeVar("T")
Word = str | bytes | int


class Call(msgspec.Struct, Generic[T], frozen=True):
    """One command. It may always be sent again: that is promise 3, and the scripts keep it.

    Args:
        words: what stays the same from call to call, so that a transport may pack it once.
        args: what follows.
        read: makes the answer of the raw reply (bytes, ints, lists, None).
    """

    words: tuple[Word, ...]
    args: tuple[Word, ...]
    read: Callable[[Any], T]


def script_words(name: str, key: str, *constant: Word) -> tuple[Word, ...]:
    """The constant words of a script's calls."""
    return ("FCALL", library().function(name), 1, key, *constant)


def text(raw: bytes) -> str:
    """A reply's bytes as text."""
    return raw.decode()


def texts(raw: list[bytes]) -> list[str]:
    """A reply's list of bytes as text."""
    return list(map(bytes.decode, raw))
