"""A server whose library does something else on the road of most steps (`lua/lib/plain.lua`)."""

import re
from collections.abc import Generator
from contextlib import contextmanager

from orchestrator.connection.blocking import LOAD_LIBRARY
from orchestrator.lua import library
from tests.support.server import Server, running_server

BEGINS = re.compile(r"function plain\.hand_on\(.*\)\n")
"""Where it begins: what returns nothing there leaves all to the general road."""
TAKEN = re.compile(r"  local doc, own, follower, member = judge_plain\(.*\)\n  if not doc then return end\n")
"""Where it was judged to be the one."""


@contextmanager
def server_that_does(instead: str, after: re.Pattern[str]) -> Generator[Server]:
    """A server of its own, whose library does so after that place."""
    text, places = after.subn(lambda found: f"{found[0]}{instead}\n", library().text)
    assert places == 1, "that place is no more"
    with running_server() as server:
        server.redis.execute_command(*LOAD_LIBRARY, text)
        yield server
