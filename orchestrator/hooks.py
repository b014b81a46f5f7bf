"""Receivers of webhooks: who is told of the ends of documents and batches, with which secret."""

import base64
import os
from collections.abc import Sequence

import msgspec

from orchestrator.calls.documents import DocumentCalls
from orchestrator.calls.hooks import HookCalls
from orchestrator.connection import Asynchronous
from orchestrator.errors import UsageError
from orchestrator.graph import Pipeline
from orchestrator.ids import short_id
from orchestrator.keys import Keys
from orchestrator.outbound import check_place
from orchestrator.settings import Settings
from orchestrator.states import FINAL_DOCUMENT
from orchestrator.views import iso

MOST = 10
"""Receivers of one tenant, and of one document: the script that ends a document enters a delivery for each."""
KEPT = 60 * 86_400.0
"""Seconds that one of a single document is kept."""
LONGEST_URL = 2_000
SECRET_BYTES = 32
BATCH_ENDED = "batch.ended"


class Notice(msgspec.Struct, frozen=True):
    """What a delivery is about; the receiver is told the id, and asks for the rest."""

    hook: str
    id: str
    """Of a document, or of a batch."""
    status: str
    """A final state; of a batch, `ended`."""
    pipeline: str
    finished: int
    """Milliseconds of the epoch."""


class Hook(msgspec.Struct, frozen=True):
    """A receiver."""

    id: str
    tenant: str
    url: str
    secret: str
    events: list[str]
    """Final states of documents, and `batch.ended`; none is all of them."""
    state: str
    """active or disabled."""
    added_at: str
    why: str | None
    """Why it is disabled."""


class Hooks:
    """Keeps them.

    Args:
        transport: to Redis.
    """

    def __init__(self, transport: Asynchronous) -> None:
        self._transport, self._calls = transport, HookCalls(Keys())

    async def add(
        self,
        tenant: str,
        url: str,
        pipeline: Pipeline,
        settings: Settings,
        *,
        events: Sequence[str] = (),
        document: str = "",
        secret: str | None = None,
    ) -> Hook:
        """Keep a receiver, told from now on.

        Args:
            pipeline: the one that delivers.
            settings: they say what may be visited.
            events: final states of documents, and `BATCH_ENDED`; none is all.
            document: the only one that it is told of; none is all of the tenant's.
            secret: `whsec_…`; None makes one, and an empty one leaves posts unsigned.

        Raises:
            UsageError: the URL, the secret or an event cannot be, or there are as many as there may be.
        """
        _check(url, events)
        check_place(url, settings)
        await self._transport.send(DocumentCalls(Keys()).submit(pipeline.id, [], plan=pipeline.plan))
        hook, whose = short_id(), f"document:{document}" if document else f"tenant:{tenant}"
        fields = {
            "url": url,
            "secret": new_secret() if secret is None else checked_secret(secret),
            "events": " ".join(events),
            "tenant": tenant,
        }
        kept = KEPT if document else 0.0
        if (
            await self._transport.send(self._calls.add(hook, whose, pipeline.id, fields, most=MOST, kept=kept))
            == "full"
        ):
            raise UsageError(f"there are {MOST} webhooks already, which is the most: remove one first")
        added = await self.find(hook)
        assert added is not None
        return added

    async def find(self, hook: str) -> Hook | None:
        """The receiver of that id, if there is one."""
        head = await self._transport.send(self._calls.head(hook))
        return _of(hook, head) if "url" in head else None

    async def all_of(self, tenant: str) -> list[Hook]:
        """Those of a tenant, oldest first."""
        ids = sorted(await self._transport.send(self._calls.of(f"tenant:{tenant}")))
        heads = await self._transport.send_all([self._calls.head(hook) for hook in ids])
        found = [_of(hook, head) for hook, head in zip(ids, heads, strict=True) if "url" in head]
        return sorted(found, key=lambda hook: hook.added_at)

    async def deliveries(self, hook: str, most: int) -> list[str]:
        """The documents that its newest deliveries are, newest first."""
        return [document for document, _ in await self._transport.send(self._calls.deliveries(hook, most))]

    async def remove(self, hook: str) -> None:
        """Tell it nothing more, and forget it."""
        await self._transport.send(self._calls.remove(hook))

    async def disable(self, hook: str, why: str) -> None:
        """Tell it nothing until it is enabled."""
        await self._transport.send(self._calls.disable(hook, why))

    async def enable(self, hook: str) -> None:
        """Tell it again."""
        await self._transport.send(self._calls.enable(hook))


def new_secret() -> str:
    """A secret as Standard Webhooks writes one."""
    return "whsec_" + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def checked_secret(secret: str) -> str:
    """The secret, if it can be one.

    Raises:
        UsageError: it cannot.
    """
    if not secret:
        return secret
    try:
        size = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        size = 0
    if not 24 <= size <= 64:
        raise UsageError("the secret is no secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64")
    return secret


def _check(url: str, events: Sequence[str]) -> None:
    scheme, _, rest = url.partition("://")
    if (
        scheme not in {"http", "https"}
        or not rest
        or len(url) > LONGEST_URL
        or not (url.isascii() and url.isprintable())
    ):
        raise UsageError(
            "a webhook's url begins with https:// or http://, names a host, and has at most 2,000 characters"
        )
    if odd := [event for event in events if event not in FINAL_DOCUMENT and event != BATCH_ENDED]:
        known = ", ".join([*(f"document.{state}" for state in sorted(FINAL_DOCUMENT)), BATCH_ENDED])
        raise UsageError(f"there is no event {odd[0] if '.' in odd[0] else f'document.{odd[0]}'}: use {known}")


def _of(hook: str, head: dict[str, str]) -> Hook:
    events = head.get("events", "").split()
    added = iso(head.get("added")) or ""
    return Hook(hook, head["tenant"], head["url"], head["secret"], events, head["state"], added, head.get("why"))
