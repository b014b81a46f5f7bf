"""A proxy between a client and the server that loses replies: the command was done, and nobody hears of it."""

import contextlib
import socket
import threading
from collections.abc import Generator
from pathlib import Path

from tests.support.server import Server

CHUNK = 1 << 20


class Proxy:
    """Forwards one connection at a time to the server.

    Args:
        lose: every so many-th reply is eaten, and the connection with it; 0 loses none.
    """

    def __init__(self, server: Server, socket_path: Path, lose: int = 0) -> None:
        self.url, self.lose, self.lost, self._replies = f"unix://{socket_path}", lose, 0, 0
        self._server = server
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(socket_path))
        self._listener.listen(8)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(str(self._server.socket))
        with client, upstream, contextlib.suppress(OSError):
            while command := client.recv(CHUNK):
                upstream.sendall(command)
                reply = upstream.recv(CHUNK)
                self._replies += b"FCALL" in command
                if self.lose and b"FCALL" in command and self._replies % self.lose == 0:
                    self.lost += 1
                    return
                client.sendall(reply)

    def close(self) -> None:
        """Accept no more."""
        self._listener.close()


@contextlib.contextmanager
def running_proxy(server: Server, folder: Path, lose: int) -> Generator[Proxy]:
    """A proxy for as long as the block lasts."""
    proxy = Proxy(server, folder / "p", lose)
    try:
        yield proxy
    finally:
        proxy.close()
