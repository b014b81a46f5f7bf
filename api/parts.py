"""What every route stands on, handed in by the framework."""

from typing import Annotated, Any, NamedTuple

import msgspec
from fastapi import Depends, Path, Request, Response

from api.inputs import Inputs
from api.problems import Problem
from orchestrator.access import Access
from orchestrator.calls import DocumentCalls
from orchestrator.calls.batches import BatchCalls
from orchestrator.client import Mill
from orchestrator.errors import NotFound, Purged, UnknownBatch, UsageError
from orchestrator.ids import checked_id, unknown_since
from orchestrator.keys import Keys, shard_of
from orchestrator.missing import not_found


class Parts(NamedTuple):
    """All of them."""

    mill: Mill
    inputs: Inputs
    access: Access


def parts_of(request: Request) -> Parts:
    """For the busiest road, which takes them by hand: each that the framework hands in costs it 30 us."""
    state = request.app.state
    return Parts(state.mill, state.inputs, request.state.access)


async def _mill(request: Request) -> Mill:
    return request.app.state.mill


async def _inputs(request: Request) -> Inputs:
    return request.app.state.inputs


async def _access(request: Request) -> Access:
    return request.state.access


TheMill = Annotated[Mill, Depends(_mill)]
TheInputs = Annotated[Inputs, Depends(_inputs)]
TheAccess = Annotated[Access, Depends(_access)]


async def seen_document(
    document: Annotated[str, Path(description="A document's id.")], mill: TheMill, access: TheAccess
) -> str:
    """The id, where whoever asks may see such a document.

    Raises:
        Problem, NotFound: it is no id, or there is none that they may see.
    """
    known = _checked(document)
    if access.only_tenant is not None:
        call = DocumentCalls(Keys(shard_of(known))).field(known, "tenant")
        tenant = await mill.transport.send(call)
        if tenant != access.tenant.encode():
            told = NotFound(f"there is no document {known}: {unknown_since(known)}")
            raise told if tenant else await _missing(mill, access, known, told)
    return known


async def _batch(batch: Annotated[str, Path(description="A batch's id.")], mill: TheMill, access: TheAccess) -> str:
    known = _checked(batch, "unknown-batch")
    if access.only_tenant is not None:
        head = await mill.transport.send(BatchCalls(Keys(shard_of(known))).head(known))
        if head.get("tenant") != access.tenant:
            told = UnknownBatch(known)
            raise told if head else await _missing(mill, access, known, told)
    return known


def _checked(given: str, kind: str = "unknown-document") -> str:
    try:
        return checked_id(given)
    except UsageError as problem:
        raise Problem(kind, f"{problem}: there can be none of that name") from None


async def _missing(mill: Mill, access: Access, name: str, told: NotFound) -> NotFound:
    """What belongs, or belonged, to another tenant is answered as what was never there: here, so that no word differs."""
    found = await not_found(mill.transport, name, told)
    return told if isinstance(found, Purged) and not access.sees(found.tenant) else found


DocumentId = Annotated[str, Depends(seen_document)]
"""A document that whoever asks may see, as far as anybody can tell."""
BatchId = Annotated[str, Depends(_batch)]
"""A batch, likewise."""


def as_json(value: Any, status: int = 200, **headers: str) -> Response:
    """An answer; headers by keyword, `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(msgspec.json.encode(value), status, named, "application/json")
