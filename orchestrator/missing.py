"""Telling apart what never was from what is no more."""

from orchestrator.calls.gone import GoneCalls
from orchestrator.connection import Asynchronous
from orchestrator.errors import NotFound, Purged
from orchestrator.ids import unknown_since
from orchestrator.keys import Keys, shard_of
from orchestrator.views import iso


async def not_found(transport: Asynchronous, name: str, otherwise: NotFound | None = None) -> NotFound:
    """The error to raise where there is no document, or batch, of that id: `Purged` where it is among the last that were.

    Args:
        otherwise: what is said of one that was never there; None says it of a document.
    """
    gone = await transport.send(GoneCalls(Keys(shard_of(name))).find(name))
    if gone is not None:
        return Purged(name, iso(gone.purged) or "", gone.tenant)
    return otherwise or NotFound(f"there is no document {name}: {unknown_since(name)}")
