"""Connections to the very address that was looked at: a name that leads elsewhere a moment later leads nowhere."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence

import httpx2

from orchestrator.addresses import NO_USERS, PORTS, Allowed
from orchestrator.errors import NotFetched, UnsafeAddress

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host."""


class Pinned(httpx2.AsyncHTTPTransport):
    """Looks every URL up once, redirects too, refuses what is not allowed, and connects to what it looked at.

    Args:
        resolve: looks a name up; the system's own where none is given.
    """

    def __init__(self, allowed: Allowed, resolve: Resolve | None = None) -> None:
        # A proxy of the environment would do the look-up itself, unguarded.
        super().__init__(trust_env=False)
        self._allowed, self._resolve = allowed, resolve or _look_up

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request to an address that may be visited.

        Raises:
            UnsafeAddress: there is none, or not only such. NotFetched: the name leads nowhere.
        """
        addresses = await self._addresses(request.url)
        failure: httpx2.ConnectError | httpx2.ConnectTimeout | None = None
        for address in addresses:
            try:
                return await super().handle_async_request(_at(request, address))
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as problem:
                failure = problem
        assert failure is not None
        raise failure

    async def _addresses(self, url: httpx2.URL) -> Sequence[str]:
        if url.scheme not in PORTS or not url.host:
            raise UnsafeAddress("a URL must begin with http:// or https:// and name a host")
        if url.userinfo:
            raise UnsafeAddress(NO_USERS)
        port = url.port or PORTS[url.scheme]
        found = await self._resolve(url.host, port)
        if not found:
            raise NotFetched(f"{url.host} leads to no address")
        self._allowed.check(url.host, found, port)
        return found


async def _look_up(host: str, port: int) -> Sequence[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _at(request: httpx2.Request, address: str) -> httpx2.Request:
    """The same request to that address; its Host header, and the name in the certificate, stay the URL's."""
    pinned = httpx2.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )
    pinned.headers["Host"] = request.headers["Host"]
    return pinned
