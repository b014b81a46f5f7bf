"""Ids: made by the client, so that a submission can be sent again; sortable by time; they carry their shard."""

import os
import re
import threading
import time

from orchestrator.errors import UsageError

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID = re.compile(
    rf"[0-9a-z]{{1,3}}-[{ALPHABET}]+(\.(\d{{5}}|aggregate))?(\.finish\d{{0,3}}|\.hook\d{{0,3}}-[{ALPHABET}]{{8}})?"
)
"""A document's, a batch's: `<batch>.<line>` is a member of it, `<batch>.aggregate` what is made of them."""
PAIRS = [high + low for high in ALPHABET for low in ALPHABET]
TIME_DIGITS, RANDOM_DIGITS = 9, 9

_lock = threading.Lock()
_last = [0, 0]


def new_id(shard: int = 0) -> str:
    """A document's id: the shard, then 45 bits of time (ms), then 45 bits that are random and grow within one ms."""
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last[0]:
            _last[:] = [now, int.from_bytes(os.urandom(6), "big") >> 4]
        else:
            _last[1] += 1
        return f"{shard}-{_digits(_last[0], TIME_DIGITS)}{_digits(_last[1], RANDOM_DIGITS)}"


def member_id(batch: str, line: int) -> str:
    """The document that a line of a batch becomes: no other name is needed to send it again, or to find it."""
    return f"{batch}.{line:05}"


def unknown_since(document: str) -> str:
    """Why there may be no document of that id."""
    batch, _, part = document.partition(".")
    if part == "aggregate":
        return f"batch {batch} has none, or has not ended: the aggregate begins when the last of its documents has"
    if not part:
        return "it was never submitted, was purged after its retention, or is a batch (docmill batch status)"
    return "it was never submitted, or was purged after its retention"


def is_of_finish(document: str) -> bool:
    """Whether docmill made it of a document's end: `<id>.finish<times revived>`, or `<id>.hook<times revived>-<receiver>`."""
    return ".finish" in document or ".hook" in document


def short_id() -> str:
    """Eight random characters: for a worker, an incarnation."""
    return _digits(int.from_bytes(os.urandom(5), "big"), 8)


def checked_id(text: str) -> str:
    """The id, if it can be one.

    Raises:
        UsageError: it cannot.
    """
    if not ID.fullmatch(text):
        raise UsageError(
            f"{text!r} is not a document's id, nor a batch's: docmill list and docmill batch list show them"
        )
    return text


def _digits(value: int, count: int) -> str:
    """Two at a time."""
    return "".join([PAIRS[value >> 10 * i & 1023] for i in range((count - 1) // 2, -1, -1)])[-count:]
