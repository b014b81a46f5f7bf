"""Going out on somebody else's word: URLs that are submitted, receivers of webhooks. Nothing inside can be reached so.

A name is looked up once, every address that it leads to is judged, and the connection goes to the one that was judged;
so for each redirect.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from orchestrator.addresses import NO_USERS, PORTS, Allowed
from orchestrator.errors import NotFetched, UnsafeAddress
from orchestrator.settings import Settings

if TYPE_CHECKING:
    import httpx2

    from orchestrator.pinned import Resolve

MOST_REDIRECTS = 5
PIECE = 1 << 20
"""Bytes that are read before they are written."""


@asynccontextmanager
async def fetch_guarded(
    method: str,
    url: str,
    settings: Settings,
    *,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 15.0,
    redirects: int = 0,
    resolve: "Resolve | None" = None,
) -> AsyncGenerator["httpx2.Response"]:
    """The answer of a URL that somebody else named; its body is read inside the block, in which all must have happened.

    Args:
        seconds: for all of it, the block included.
        redirects: how many are followed; 0 answers with the redirect itself.
        resolve: how names are looked up, where it is not as the system does.

    Raises:
        UnsafeAddress: it leads to where docmill may not go. NotFetched: nobody answers, or not in time.
    """
    import httpx2  # slow to import, and seldom needed

    from orchestrator.pinned import Pinned

    transport = Pinned(Allowed.of(settings.outbound_allow, settings.outbound_ports), resolve)
    client = httpx2.AsyncClient(
        transport=transport, timeout=seconds, trust_env=False, follow_redirects=redirects > 0, max_redirects=redirects
    )
    told = {"Accept-Encoding": "identity", "User-Agent": "docmill", **(headers or {})}
    try:
        async with (
            asyncio.timeout(seconds),
            client,
            client.stream(method, url, content=content, headers=told) as answer,
        ):
            yield answer
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError) as problem:
        raise UnsafeAddress(f"that is no URL that can be visited: {problem}") from None
    except (httpx2.TimeoutException, TimeoutError):
        raise NotFetched(f"{_place(url)} did not answer in full within {seconds:g} s") from None
    except httpx2.HTTPError as problem:
        raise NotFetched(f"{_place(url)} cannot be read: {problem or type(problem).__name__}") from None


def check_place(url: str, settings: Settings) -> None:
    """Refuse at once what will not be visited wherever it leads; what a name leads to is judged when it is visited.

    Raises:
        UnsafeAddress: it does.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as problem:
        raise UnsafeAddress(f"that is no URL that can be visited: {problem}") from None
    if parts.username is not None or parts.password is not None:
        raise UnsafeAddress(NO_USERS)
    address, allowed = _literal(host), Allowed.of(settings.outbound_allow, settings.outbound_ports)
    if address is None:
        allowed.check_unresolved(host, port)
    else:
        allowed.check(host, [address], port)


def _literal(host: str) -> str | None:
    """The address that a host is by itself, in any of its spellings; None of a name."""
    if host == "localhost":
        return "127.0.0.1"
    with suppress(ValueError):
        return str(ipaddress.ip_address(host))
    with suppress(OSError):
        return socket.inet_ntoa(socket.inet_aton(host))  # 2130706433, 0x7f.1, 127.1
    return None


async def download(url: str, into: IO[bytes], settings: Settings, resolve: "Resolve | None" = None) -> None:
    """Write what a URL leads to into a file, piece by piece.

    Raises:
        UnsafeAddress: it leads to where docmill may not go. NotFetched: it cannot be read, or is too large.
    """
    reading = fetch_guarded(
        "GET", url, settings, seconds=settings.fetch_timeout, redirects=MOST_REDIRECTS, resolve=resolve
    )
    async with reading as answer:
        _check(answer, url, settings.fetch_size)
        size = 0
        async for piece in answer.aiter_raw(PIECE):
            size += len(piece)
            if size > settings.fetch_size:
                raise _too_large(url, settings.fetch_size)
            await asyncio.to_thread(into.write, piece)


def _check(answer: "httpx2.Response", url: str, most: int) -> None:
    if answer.status_code != 200:
        raise NotFetched(f"{_place(url)} answered HTTP {answer.status_code}, not 200")
    # What is packed could unpack to any size.
    if answer.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise NotFetched(f"{_place(url)} answers compressed, though it was asked not to")
    declared = answer.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(url, most)


def _too_large(url: str, most: int) -> NotFetched:
    return NotFetched(f"{_place(url)} has more than {most} bytes, the most that DOCMILL_FETCH_SIZE allows")


def _place(url: str) -> str:
    """A URL without what may be secret in it: user, path and query."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0].rpartition('@')[2]}"
