"""A throw-away server leaves nothing behind, however its test run ends."""

import signal
import subprocess
import sys

import psutil
import pytest

from orchestrator.errors import NotStarted
from worker.testing.server import running_server
from worker.testing.workers import runs, wait_until

HOLDING = """
import sys
from worker.testing.server import running_server
with running_server() as server:
    print(server._process.pid, flush=True)
    sys.stdin.read()
"""


def test_it_ends_with_the_process_that_started_it_also_by_sigkill() -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDING], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None and holder.stdin is not None
    server = psutil.Process(int(holder.stdout.readline()))
    assert "valkey" in " ".join(server.cmdline())
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    wait_until(lambda: not server.is_running() or not runs(server), "the server ends")


def test_nothing_is_left_of_its_folder() -> None:
    with running_server() as server:
        assert server.redis.ping()
    assert not server.socket.parent.exists()


def test_one_that_cannot_start_says_so_at_once() -> None:
    with (
        pytest.raises(NotStarted, match="the throw-away server did not start"),
        running_server(None, "--nonsense", "yes"),
    ):
        pass
