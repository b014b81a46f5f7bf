"""Where keys are kept: made, listed, revoked, and looked up by an API process, which remembers them for a few seconds."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, TypeVar

from orchestrator.access.keys import Kept, id_in, new_key
from orchestrator.calls import DocumentCalls
from orchestrator.calls.access import AccessCalls, Spent
from orchestrator.calls.base import Call
from orchestrator.connection import Asynchronous
from orchestrator.errors import NotFound, Unreachable
from orchestrator.keys import Keys

FRESH = 3.0
"""Seconds for which what was read of a key holds: a revoked one works no longer than that."""
MOST_REMEMBERED = 10_000
ANY = "any"
"""Under which it is remembered whether there are keys; no key's id is that short."""

T = TypeVar("T")


class Keyring:
    """The API keys of a docmill.

    Args:
        transport: to where they are kept.
    """

    def __init__(self, transport: Asynchronous) -> None:
        self._transport, self._calls, self._documents = transport, AccessCalls(Keys()), DocumentCalls(Keys())
        self._remembered: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    async def create(self, tenant: str, scopes: Sequence[str], **more: Any) -> tuple[str, Kept]:
        """Make a key; it can be shown this once, and is kept as a digest.

        Args:
            more: what `new_key` takes.

        Raises:
            UsageError: it cannot be; the text says what can.
        """
        text, kept = new_key(tenant, scopes, await self._transport.send(self._documents.time()), **more)
        await self._transport.send(self._calls.add(kept))
        return text, kept

    async def all(self) -> Sequence[Kept]:
        """What is kept of all of them, the oldest first."""
        return await self._transport.send(self._calls.all())

    async def revoke(self, key: str) -> None:
        """Let a key open nothing any more; API processes hear of it within `FRESH` seconds.

        Args:
            key: its id, or the key itself.

        Raises:
            NotFound: there is none of that id.
        """
        if not await self._transport.send(self._calls.remove(id_in(key) or key)):
            raise NotFound(f"there is no key {id_in(key) or key!r}: docmill keys list shows all")

    async def exists(self, stale: bool = False) -> bool:
        """Whether there are any keys: without one, an API that listens to its own machine only asks for none.

        Args:
            stale: what was known last will do while Redis is away.
        """
        return bool(await self._fresh(ANY, self._calls.count(), stale))

    async def find(self, text: str, stale: bool = False) -> Kept | None:
        """The key that somebody showed, where it is one.

        Args:
            stale: what was known last will do while Redis is away.
        """
        name = id_in(text)
        kept = None if name is None else await self._fresh(name, self._calls.read(name), stale)
        return kept if kept is not None and kept.opens(text) else None

    async def spend(self, kept: Kept) -> Spent | None:
        """Count a request against the key's rate, over all API processes; None where it has none."""
        return None if kept.rate is None else await self._transport.send(self._calls.spend(kept.id, kept.rate))

    async def _fresh(self, name: str, call: Call[T], stale: bool) -> T:
        now = time.monotonic()
        when, value = self._remembered.get(name, (-FRESH, None))
        if now - when < FRESH:
            return value
        try:
            value = await self._transport.send(call)
        except Unreachable:
            if not stale or name not in self._remembered:
                raise
            return value
        self._remembered[name] = (now, value)
        self._remembered.move_to_end(name)
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return value
