"""The blocking transport: one connection of its own, as lean as redis-py's Connection lets it be.

redis-py's own retry is off. A call whose reply was lost is sent again as it was: that is safe (promise 3).
"""

import threading
import time
from typing import Any, TypeVar

from redis.backoff import NoBackoff
from redis.connection import ConnectionPool
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import MovedError, OutOfMemoryError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from orchestrator.calls.base import Call
from orchestrator.connection.packing import pack
from orchestrator.connection.url import readable_url
from orchestrator.errors import Full, Unreachable
from orchestrator.lua import library

T = TypeVar("T")

LOST = (RedisConnectionError, RedisTimeoutError, ConnectionError, TimeoutError, OSError)
ANSWER_TIMEOUT = 10.0
"""Seconds for an answer; a blocking wait adds its own time."""
PAUSE = 0.2
"""Seconds between two tries to reach the server."""


LOAD_LIBRARY = ("FUNCTION", "LOAD", "REPLACE")


def is_unknown_function(problem: ResponseError) -> bool:
    """Whether the server does not have this version's library yet: then nothing was done, and it is loaded."""
    return "Function not found" in str(problem)


def full(url: str) -> Full:
    """What is raised when the server refuses to grow."""
    return Full(
        f"Redis at {readable_url(url)} is full: raise its maxmemory, or wait until documents are purged. "
        "What was accepted still moves on."
    )


class Blocking:
    """One connection.

    Args:
        url: redis://, rediss:// or unix://.
        patience: seconds to keep trying when the server does not answer; a slot waits as long as it takes.
    """

    def __init__(self, url: str, patience: float = float("inf")) -> None:
        self.url, self.patience = url, patience
        self._connection = self._make(url)
        self._one_at_a_time = threading.Lock()

    def send(self, call: Call[T]) -> T:
        """Send a call and read its answer; again where the reply was lost.

        Raises:
            Unreachable: nothing answered within `patience`.
        """
        packed, give_up = pack(call), None
        with self._one_at_a_time:
            while True:
                try:
                    return call.read(self._once(packed))
                except OutOfMemoryError:
                    raise full(self.url) from None
                except LOST as problem:
                    give_up = give_up or time.monotonic() + self.patience
                    self._rest(problem, give_up)

    def wait_for_hint(self, keys: list[str], seconds: float) -> bool:
        """Block until one of the hints is there, at most so long; a lost connection counts as no hint."""
        words = ("BLPOP", *keys, f"{seconds:g}")
        try:
            self._connection.send_command(*words)
            return self._connection.read_response(timeout=seconds + ANSWER_TIMEOUT) is not None
        except LOST:
            self._connection.disconnect()
            time.sleep(PAUSE)
            return False

    def close(self) -> None:
        """End the connection."""
        self._connection.disconnect()

    def _once(self, packed: bytes) -> Any:
        try:
            return self._exchange(packed)
        except MovedError as moved:
            self._connection.disconnect()
            self._connection = self._make(self.url, host=moved.host, port=moved.port)  # pyright: ignore[reportUnknownMemberType]
        except ResponseError as problem:
            if not is_unknown_function(problem):
                raise
            self._connection.send_command(*LOAD_LIBRARY, library().text)
            self._connection.read_response()
        return self._exchange(packed)

    def _exchange(self, packed: bytes) -> Any:
        connection = self._connection
        connection.send_packed_command([packed], check_health=False)
        return connection.read_response()

    def _rest(self, problem: BaseException, give_up: float) -> None:
        self._connection.disconnect()
        if time.monotonic() > give_up:
            raise Unreachable(f"Redis does not answer at {readable_url(self.url)}: {problem}") from None
        time.sleep(PAUSE)

    def _make(self, url: str, **other: Any) -> Any:
        off = Retry(NoBackoff(), 0)
        pool: Any = ConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
            url, retry=off, protocol=2, socket_timeout=ANSWER_TIMEOUT, **other
        )
        return pool.make_connection()
