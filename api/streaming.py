"""Server-sent events: told as they come, kept alive, ended when there is no more, and never piling up behind a slow reader."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

import msgspec
from starlette.responses import StreamingResponse
from starlette.types import Message, Send

from orchestrator.errors import ServerError

HEARTBEAT = 15.0
"""Seconds of silence after which a comment is sent: proxies cut what is silent for long."""
SLOWEST = 30.0
"""Seconds in which a reader must have taken what it was sent, else it is dropped; it may come again."""
PING, AGAIN = b": ping\n\n", b"retry: 2000\n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""No proxy keeps events, or collects them before it passes them on."""


class EventStream(StreamingResponse):
    """An answer that goes on for as long as there are pages.

    Nothing is queued for a reader: what it is told is worked out when it has taken what came before.

    Args:
        pages: of events as they go over the wire; where Redis is lost they end early, and the reader asks again.
        ending: set when this process is to end.
    """

    media_type = "text/event-stream"

    def __init__(self, pages: AsyncGenerator[bytes, None], ending: asyncio.Event) -> None:
        super().__init__(_kept_alive(pages, ending), headers=HEADERS)

    async def stream_response(self, send: Send) -> None:
        """Send it, piece by piece, each in bounded time."""

        async def in_time(message: Message) -> None:
            async with asyncio.timeout(SLOWEST):
                await send(message)

        try:
            await super().stream_response(in_time)
        except TimeoutError:
            return  # what was not taken is lost with the connection


def sent(kind: str, data: Any, identity: str = "") -> bytes:
    """An event on the wire.

    Args:
        identity: with which a reader resumes after it; nothing leaves the last one in force.
    """
    named = f"id: {identity}\n" if identity else ""
    return f"{named}event: {kind}\ndata: ".encode() + msgspec.json.encode(data) + b"\n\n"


async def _kept_alive(pages: AsyncGenerator[bytes, None], ending: asyncio.Event) -> AsyncGenerator[bytes, None]:
    ends, coming = asyncio.ensure_future(ending.wait()), asyncio.ensure_future(anext(pages, None))
    try:
        yield AGAIN
        while not ends.done():
            await asyncio.wait({ends, coming}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                page = coming.result()
                if page is None:
                    return
                yield page
                coming = asyncio.ensure_future(anext(pages, None))
            elif not ends.done():
                yield PING
    except ServerError:
        return
    finally:
        ends.cancel()
        coming.cancel()
        with suppress(asyncio.CancelledError, ServerError, StopAsyncIteration):
            await coming
        await pages.aclose()
