"""The blocking transport: one connection of its own.

redis-py's own retry is off. A call whose reply was lost is sent again as it was: that is safe (promise 3).
"""

import threading
import time
from typing import Any, TypeVar

from redis.exceptions import MovedError, OutOfMemoryError, RedisError, ResponseError

from orchestrator.calls.base import Call
from orchestrator.connection.faults import in_words, is_passing, is_unknown_function
from orchestrator.connection.packing import pack
from orchestrator.connection.wire import Wire
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
        self._wire = Wire(url)
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
        """Block until one of the hints is there; a lost connection counts as no hint.

        Args:
            seconds: at most so long; well below the time in which an answer must come.
        """
        with self._one_at_a_time:
            try:
                return self._wire.ask("BLPOP", *keys, f"{seconds:g}") is not None
            except (RedisError, OSError):
                self._wire.disconnect()
                time.sleep(PAUSE)
                return False

    def close(self) -> None:
        """End the connection."""
        self._wire.disconnect()

    def _once(self, packed: bytes) -> Any:
        try:
            return self._wire.exchange(packed)
        except MovedError as moved:
            self._wire.disconnect()
            self._wire = Wire(self.url, host=moved.host, port=moved.port)  # pyright: ignore[reportUnknownMemberType]
        except ResponseError as problem:
            if not is_unknown_function(problem):
                raise
            self._wire.ask(*LOAD_LIBRARY, library().text)
        return self._wire.exchange(packed)

    def _rest(self, problem: RedisError | OSError, give_up: float) -> None:
        self._wire.disconnect()
        if isinstance(problem, OutOfMemoryError) or (is_passing(problem) and time.monotonic() > give_up):
            raise in_words(problem, self.url) from None
        if not is_passing(problem):
            raise problem
        time.sleep(PAUSE)
