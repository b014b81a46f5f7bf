"""A server inside the network, which should not be reached, and counts who reaches it."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Visited(ThreadingHTTPServer):
    """Answers `/<status>` with that status, and tells what it was asked.

    Args:
        address: of this machine; 0 takes any port.
    """

    daemon_threads = True

    def __init__(self, address: str, port: int = 0) -> None:
        super().__init__((address, port), Answering)
        self.seen: list[tuple[str, str]] = []
        self.headers: dict[str, str] = {}
        self.content = b"%PDF-1.7 hello"
        self.stop = threading.Event()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class Answering(BaseHTTPRequestHandler):
    """One request."""

    server: Any

    def do_GET(self) -> None:
        """Answer as the server was told to."""
        self.server.seen.append((self.path, self.headers["Host"]))
        status, _, place = self.path.removeprefix("/").partition("/")
        self.send_response(int(status) if status.isdigit() else 200)
        for name, value in self.server.headers.items():
            self.send_header(name, value.replace("{place}", place))
        self.end_headers()
        self.wfile.write(self.server.content)
        if self.path.startswith("/slow"):
            self.wfile.flush()
            self.server.stop.wait(10)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def visited(address: str = "127.0.0.1", port: int = 0) -> Generator[Visited]:
    """A server that listens for as long as the block lasts."""
    server = Visited(address, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
