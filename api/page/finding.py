"""What somebody means who types a few characters: found by keys, never by a search through all there is."""

from urllib.parse import quote, urlencode

from api.page.viewer import Viewer
from orchestrator.calls import DocumentCalls
from orchestrator.calls.overview import OverviewCalls
from orchestrator.client import Mill
from orchestrator.errors import UsageError
from orchestrator.flags import checked_flag
from orchestrator.ids import ID
from orchestrator.keys import Keys, shard_of
from orchestrator.states import DocumentState

USUAL_TENANT = "default"


async def find(mill: Mill, viewer: Viewer, text: str) -> str | None:
    """The address of what is meant; None where nothing has that id, key or name.

    Args:
        text: an id, an idempotency key, a unique name (`tenant/name` for another tenant's), a status, a flag, a lane.
    """
    if not text:
        return "/documents"
    if text in set(DocumentState):
        return f"/documents?{urlencode({'status': text})}"
    if ID.fullmatch(text) and await mill.transport.send(DocumentCalls(Keys(shard_of(text))).exists(text)):
        return f"/documents/{text}"
    if found := await _by_name(mill, viewer, text):
        return f"/documents/{found}"
    return await _by_list(mill, viewer, text)


async def _by_name(mill: Mill, viewer: Viewer, text: str) -> str:
    """By an idempotency key, or a unique name, of a tenant that they see."""
    tenant, slash, name = text.partition("/")
    if not slash or viewer.tenant is not None:
        tenant, name = viewer.tenant or USUAL_TENANT, text
    calls = OverviewCalls(Keys())
    asked = [calls.submitted_as(tenant, name), calls.named(tenant, name)]
    for document in await mill.transport.send_all(asked):
        if document and await mill.transport.send(mill.calls.exists(document)):
            return document
    return ""


async def _by_list(mill: Mill, viewer: Viewer, text: str) -> str | None:
    if viewer.watches and text in await mill.transport.send(mill.calls.lanes()):
        return f"/lanes/{quote(text)}"
    try:
        flag = checked_flag(text)
    except UsageError:
        return None
    return (
        f"/documents?{urlencode({'flag': flag})}" if await mill.transport.send(mill.calls.count(f"by:{flag}")) else None
    )
