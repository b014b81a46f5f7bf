"""The blocking transport: one connection of its own, as lean as redis-py's Connection lets it be.

redis-py's own retry is off. A call whose reply was lost is sent again as it was: that is safe (promise 3).
"""

import threading
import time
from typing import Any, TypeVar

from redis.backoff import NoBackoff
from redis.connection import ConnectionPool
from redis.exceptions import MovedError, OutOfMemoryError, RedisError, ResponseError
from redis.retry import Retry

from orchestrator.calls.base import Call
from orchestrator.connection.faults import in_words, is_passing, is_unknown_function
from orchestrator.connection.lines import ANSWER_TIMEOUT
from orchestrator.connection.packing import pack
from orchestrator.lua import library

T = TypeVar("T")

PAUSE = 0.2
"""Seconds between two tries to reach the server."""
LOAD_LIBRARY = ("FUNCTION", "LOAD", "REPLACE")


class Blocking:
    """One connection.

    Args:
        url: redis://, rediss:// or unix://.
        patience: seconds to keep trying when the server does not answer; a slot waits as long as it takes.
    """

    def __init__(self, url: str, patience: float = float("inf")) -> None:
        self.url, self.patience = url, patience
        self._connection = self._make()
        self._one_at_a_time = threading.Lock()

    def send(self, call: Call[T]) -> T:
        """Send a call and read its answer; again where the reply was lost, or the server could not do its work.

        Raises:
            ServerError: no answer within `patience`, or the server is full.
        """
        packed, give_up = pack((*call.words, *call.args)), None
        with self._one_at_a_time:
            while True:
                try:
                    return call.read(self._once(packed))
                except (RedisError, OSError) as problem:
                    give_up = give_up or time.monotonic() + self.patience
                    self._rest(problem, give_up)

    def wait_for_hint(self, keys: list[str], seconds: float) -> bool:
        """Block until one of the hints is there, at most so long; a lost connection counts as no hint."""
        with self._one_at_a_time:
            try:
                self._connection.send_command("BLPOP", *keys, f"{seconds:g}")
                return self._connection.read_response(timeout=seconds + ANSWER_TIMEOUT) is not None
            except (RedisError, OSError):
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
            self._connection = self._make(host=moved.host, port=moved.port)  # pyright: ignore[reportUnknownMemberType]
        except ResponseError as problem:
            if not is_unknown_function(problem):
                raise
            self._connection.send_command(*LOAD_LIBRARY, library().text)
            self._connection.read_response()
        return self._exchange(packed)

    def _exchange(self, packed: bytes) -> Any:
        self._connection.send_packed_command([packed], check_health=False)
        return self._connection.read_response()

    def _rest(self, problem: RedisError | OSError, give_up: float) -> None:
        self._connection.disconnect()
        if isinstance(problem, OutOfMemoryError) or (is_passing(problem) and time.monotonic() > give_up):
            raise in_words(problem, self.url) from None
        if not is_passing(problem):
            raise problem
        time.sleep(PAUSE)

    def _make(self, **moved_to: Any) -> Any:
        off = Retry(NoBackoff(), 0)
        pool: Any = ConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
            self.url, retry=off, protocol=2, socket_timeout=ANSWER_TIMEOUT
        )
        pool.connection_kwargs.update(moved_to)  # given to from_url, the URL's own host would win
        return pool.make_connection()
