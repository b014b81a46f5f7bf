"""The Redis protocol's way of writing a command. The constant words of a call are packed once."""

from functools import lru_cache
from typing import Any

from orchestrator.calls.base import Call, Word


def pack(call: Call[Any]) -> bytes:
    """The bytes of a call."""
    head, count = _head(call.words)
    return b"*%d\r\n%b%b" % (count + len(call.args), head, b"".join([_word(word) for word in call.args]))


@lru_cache(maxsize=256)
def _head(words: tuple[Word, ...]) -> tuple[bytes, int]:
    return b"".join([_word(word) for word in words]), len(words)


def _word(word: Word) -> bytes:
    raw = word if isinstance(word, bytes) else str(word).encode()
    return b"$%d\r\n%b\r\n" % (len(raw), raw)
