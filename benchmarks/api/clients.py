"""Clients that cost little themselves: one kept connection each, requests that were written before."""

import asyncio
import math
import time
from dataclasses import dataclass

Asked = tuple[str, bytes]
"""Where it is posted, and the body."""
DOCUMENT: Asked = "/v1/documents", b'{"pipeline":"noop","parameters":{"document":"00000001"}}'
PREDICTION: Asked = "/v1/predict", b'{"input":[5.1,3.5,1.4,0.2]}'
GUIDE: Asked = "/predict", PREDICTION[1]


@dataclass(frozen=True)
class Rate:
    """What some seconds of submitting showed."""

    per_second: float
    p50_ms: float
    p99_ms: float
    others: int
    """Answers that were not 2xx."""


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """The bytes of a request."""
    names = ("Host: 127.0.0.1", "Content-Type: application/json", f"Content-Length: {len(body)}")
    return "\r\n".join((f"{method} {path} HTTP/1.1", *names, "", "")).encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The status and the body of one answer that says how long it is."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    return int(head[9:12]), await reader.readexactly(length)


async def ask_for(port: int, asked: Asked, clients: int, seconds: float) -> Rate:
    """So many clients, each of which sends the next request when the last one is answered."""
    end = time.perf_counter() + seconds
    took: list[float] = []
    statuses: list[int] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        wanted = request("POST", *asked)
        while (begun := time.perf_counter()) < end:
            writer.write(wanted)
            statuses.append((await answer(reader))[0])
            took.append(time.perf_counter() - begun)
        writer.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    took.sort()
    p50, p99 = (took[math.ceil(len(took) * share) - 1] * 1000 for share in (0.5, 0.99))
    return Rate(len(took) / seconds, p50, p99, sum(not 200 <= status < 300 for status in statuses))


async def listen(port: int, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """An open stream of events, of which the first has come; open for as long as both are kept."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    writer.write(request("GET", path))
    await reader.readuntil(b"event: status")
    return reader, writer
