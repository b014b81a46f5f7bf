"""How long scripts keep the server, by the server's own clock."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from tests.support.server import Server

LONGEST = 1000
"""Microseconds."""
MOST_SLOW = 0.01
"""Of all calls: on a machine that others use too, the server itself may be kept waiting while its clock goes on."""


@contextmanager
def quick_scripts(server: Server) -> Generator[None]:
    """What runs inside keeps the server for no more than a millisecond a call.

    Raises:
        AssertionError: too many calls took longer; it names the verbs.
    """
    server.redis.config_set("slowlog-log-slower-than", LONGEST)
    server.redis.config_set("slowlog-max-len", 100_000)
    server.redis.slowlog_reset()
    server.redis.config_resetstat()
    yield
    calls = server.redis.info("commandstats")["cmdstat_fcall"]["calls"]
    slow = Counter(entry["command"].split()[1].decode() for entry in _slow(server))
    assert slow.total() <= max(3, calls * MOST_SLOW), f"of {calls} calls these took more than {LONGEST} us: {slow}"


def _slow(server: Server) -> list[dict[str, bytes]]:
    entries: list[dict[str, bytes]] = server.redis.slowlog_get(100_000)
    return [entry for entry in entries if entry["command"].startswith(b"FCALL ")]
