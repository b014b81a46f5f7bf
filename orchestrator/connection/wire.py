"""One blocking connection: redis-py makes it (TLS, credentials, database), an exchange needs its socket and a parser only.

redis-py's own road for a command costs a slot more than the step's whole arithmetic: it polls the socket before each write
and each read, since that is how Python keeps a timeout. Here the kernel keeps it.
"""

import socket
import ssl
import struct
from typing import Any

import hiredis
from redis._parsers import BaseParser
from redis.backoff import NoBackoff
from redis.connection import ConnectionPool
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import InvalidResponse
from redis.exceptions import TimeoutError as TooSlow
from redis.retry import Retry

from orchestrator.connection.lines import ANSWER_TIMEOUT
from orchestrator.connection.packing import pack

AT_ONCE = 65536
"""Bytes that are read at once."""
LIMIT = struct.pack("ll", int(ANSWER_TIMEOUT), 0)
"""`struct timeval`, for the kernel."""


class Wire:
    """Connects at its first exchange, and again at the first after `disconnect`.

    Args:
        url: redis://, rediss:// or unix://.
        moved_to: host and port, where they are others than the URL's.
    """

    def __init__(self, url: str, **moved_to: Any) -> None:
        pool: Any = ConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
            url, retry=Retry(NoBackoff(), 0), protocol=2, socket_timeout=ANSWER_TIMEOUT
        )
        pool.connection_kwargs.update(moved_to)  # given to from_url, the URL's own host would win
        self.connection = pool.make_connection()
        self._buffer = bytearray(AT_ONCE)
        self._line: tuple[Any, Any] | None = None

    def exchange(self, packed: bytes) -> Any:
        """Send one packed command and read its reply.

        Raises:
            redis.RedisError, OSError: as redis-py does; what was sent may have been done.
        """
        answer: Any = False
        try:
            wire, parser = self._line or self._connect()
            wire.sendall(packed)
            while answer is False:  # there is not all of it yet; none of this protocol's replies is False
                parser.feed(self._buffer, 0, self._received(wire))
                answer = parser.gets()
        except BaseException:
            self.disconnect()  # else its reply would be taken for the next one's
            raise
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ask(self, *words: str) -> Any:
        """Send one command and read its reply."""
        return self.exchange(pack(words))

    def disconnect(self) -> None:
        """End the connection."""
        self._line = None
        self.connection.disconnect()

    def _connect(self) -> tuple[Any, Any]:
        self.connection.connect()
        wire = self.connection._sock
        if not isinstance(
            wire, ssl.SSLSocket
        ):  # that one waits on, whatever the kernel says: it keeps Python's timeout
            wire.settimeout(None)
            for side in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                wire.setsockopt(socket.SOL_SOCKET, side, LIMIT)
        self._line = wire, hiredis.Reader(protocolError=InvalidResponse, replyError=_error)
        return self._line

    def _received(self, wire: Any) -> int:
        try:
            size = wire.recv_into(self._buffer)
        except (BlockingIOError, TimeoutError):
            raise TooSlow(f"no answer within {ANSWER_TIMEOUT:g} s") from None
        if not size:
            raise Lost("the server closed the connection")
        return size


def _error(told: str) -> Exception:
    return BaseParser.parse_error(told)  # pyright: ignore[reportUnknownMemberType]
