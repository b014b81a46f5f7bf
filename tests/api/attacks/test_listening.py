"""A real process: what it serves without keys, and what it does with requests that are none."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.keyed import new_key
from tests.api.test_process import answers, start
from tests.documents.fakes import free_port
from tests.support.server import Server
from tests.support.workers import wait_until


@pytest.fixture
def port(server: Server, tmp_path: Path) -> Iterator[int]:
    """Of a running API process."""
    taken = free_port()
    process = start(server.url, tmp_path, "--port", str(taken))
    wait_until(lambda: answers(f"http://127.0.0.1:{taken}"), "the API answers")
    yield taken
    process.terminate()
    _, told = process.communicate(timeout=10)
    assert "Traceback" not in told


def told(port: int, raw: bytes) -> str:
    """What a process answers to these bytes before it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(raw)
        parts: list[bytes] = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts).decode()


BAD = [
    b"\x16\x03\x01\x02\x00\x01\x00" + bytes(20) + b"\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n c\r\nX B: y\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"x" * 80_000,
    b"GET /" + b"x" * 80_000,
    b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    b"GET /v1/documents HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: " + b"x" * 80_000 + b"\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: x\r\n" * 10_000 + b"\r\n",
    b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x, chunked, y\r\n\r\n0\r\n\r\n",
    b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /healthz HTTP/1.1\nHost: localhost\nA\x00B: c\n\n",
    "GET /ü HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
]


def test_what_is_no_request_is_a_problem_too(port: int) -> None:
    """Requests that two servers could read in two ways, too."""
    for raw in BAD:
        answer = told(port, raw)
        assert answer.startswith("HTTP/1.1 400"), raw[:80]
        assert "application/problem+json" in answer
        assert "/problems/malformed-body" in answer
    assert answers(f"http://127.0.0.1:{port}"), "others are still served"


def test_it_serves_no_network_without_keys(server: Server, tmp_path: Path) -> None:
    """It says why, and what to do."""
    process = start(server.url, tmp_path, "--host", "0.0.0.0", "--port", str(free_port()))
    _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "docmill keys create" in said and "--host 127.0.0.1" in said
    assert "Traceback" not in said


async def test_with_a_key_it_serves_and_asks_for_it(server: Server, tmp_path: Path) -> None:
    key, taken = await new_key(server.url, "a", "read"), free_port()
    process = start(server.url, tmp_path, "--host", "0.0.0.0", "--port", str(taken))
    address = f"http://127.0.0.1:{taken}"
    try:
        wait_until(lambda: answers(address), "the API answers")
        async with httpx.AsyncClient(base_url=address) as client:
            assert (await client.get("/v1/documents")).status_code == 401
            shown = {"Authorization": f"Bearer {key}"}
            assert (await client.get("/v1/documents", headers=shown)).status_code == 200
    finally:
        process.terminate()
        process.communicate(timeout=10)
