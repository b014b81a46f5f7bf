"""A small OpenAI-compatible server that goes wrong as it is told: over real HTTP, with connections that are kept alive."""

import json
import select
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

OVERFLOW = {"error": {"message": "the request exceeds the available context size", "type": "exceed_context_size_error"}}
PATIENCE = 30.0
"""Seconds that a request is held, at most: far longer than any test waits."""


class FaultyServer(ThreadingHTTPServer):
    """Answers every chat completion with `status` and `body`; longer prompts than `longest` overflow.

    Args:
        port: 0 is any.
    """

    daemon_threads, request_queue_size = True, 128

    def __init__(self, port: int = 0) -> None:
        self.status: int = 200
        self.body: Any = None
        self.headers: dict[str, str] = {}
        self.longest, self.context, self.key = 10**9, 2048, ""
        self.answer: Callable[[Any], Any] | None = None
        """Makes the body out of the request, in place of `body`."""
        self.holding = False
        """Keep requests without an answer until `release` is set, or their client has gone."""
        self.hang_up = False
        """Close the connection in place of an answer."""
        self.release, self.abandoned = Event(), Event()
        self.counts: Callable[[Any], Any] | None = None
        """Makes the answer to `/tokenize` out of the request; None is a server that has no such address."""
        self.requests: list[Any] = []
        self.told: list[dict[str, str]] = []
        """The headers of each."""
        self.asked_at: list[float] = []
        self.connections, self.under_way, self.most_under_way = 0, 0, 0
        self.lock = Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        """As `DOCMILL_LLM_URL` has it."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: FaultyServer  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        """A connection."""
        super().setup()
        with self.server.lock:
            self.server.connections += 1

    def do_GET(self) -> None:
        """The list of models, with the context's size; for those who have the key, if there is one."""
        if self.server.key not in self.headers["authorization"]:
            return self._answer(401, {"error": {"message": "Incorrect API key provided"}})
        model = {"id": "m", "object": "model", "max_model_len": self.server.context}
        return self._answer(200, {"object": "list", "data": [model]})

    def do_POST(self) -> None:
        """A chat completion, or a count of tokens."""
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/tokenize":
            counts = self.server.counts
            return self._answer(200, counts(request)) if counts else self._answer(404, {"error": "no such address"})
        self._count(request)
        try:
            self._serve(request)
        finally:
            with self.server.lock:
                self.server.under_way -= 1
        return None

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def _count(self, request: Any) -> None:
        with self.server.lock:
            self.server.requests.append(request)
            self.server.told.append({name.lower(): value for name, value in self.headers.items()})
            self.server.asked_at.append(time.monotonic())
            self.server.under_way += 1
            self.server.most_under_way = max(self.server.most_under_way, self.server.under_way)

    def _serve(self, request: Any) -> None:
        server = self.server
        if server.hang_up or (server.holding and not self._held()):
            self.close_connection = True
        elif len(request["messages"][-1]["content"]) > server.longest:
            self._answer(400, OVERFLOW)
        else:
            body = server.answer(request) if server.answer else server.body
            self._answer(server.status, body)

    def _held(self) -> bool:
        """Wait; whether the client is still there."""
        give_up = time.monotonic() + PATIENCE
        while not self.server.release.is_set() and time.monotonic() < give_up:
            readable, _, _ = select.select([self.connection], [], [], 0.01)
            if readable and not self.connection.recv(1):
                self.server.abandoned.set()
                return False
        return True

    def _answer(self, status: int, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", **self.server.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def faulty_server(port: int = 0) -> Generator[FaultyServer]:
    """Listening for as long as the block lasts."""
    with FaultyServer(port) as made:
        Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield made
        finally:
            made.release.set()
            made.shutdown()


def completion(content: str, finish: str = "stop", logprobs: Any = None) -> dict[str, Any]:
    """The body of an answer."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": logprobs}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
