"""The tests' server is the one that docmill's users test with."""

from worker.testing.server import Server, running_server

__all__ = ["Server", "running_server"]
