"""The newest documents, of everybody or of one tenant, and how many there are of each status."""

from orchestrator.calls import DocumentCalls
from orchestrator.connection import Asynchronous
from orchestrator.ids import is_of_finish
from orchestrator.keys import Keys
from orchestrator.outlook.dead_letters import read_dead_letters
from orchestrator.overview.views import Own, Recent
from orchestrator.reading import Reading
from orchestrator.states import DocumentState

FEW, LOOKED = 8, 200
"""Documents that are shown; that are looked at for those of one tenant."""
STATES = [str(state) for state in DocumentState]


async def read_recent(transport: Asynchronous) -> tuple[dict[str, int], list[Recent]]:
    """Counts by status, and the newest of all."""
    calls = DocumentCalls(Keys())
    counts = await transport.send_all([calls.count(f"by:{state}") for state in STATES])
    # Twice as many: some may be of on_finish, which are left out.
    return dict(zip(STATES, counts, strict=True)), (await _newest(transport, 2 * FEW))[:FEW]


async def read_own(mill: Reading, tenant: str) -> Own:
    """What one tenant has among the newest documents, and of what theirs failed."""
    found = [one for one in await _newest(mill.transport, LOOKED) if one.tenant == tenant]
    counts = dict.fromkeys(STATES, 0)
    for one in found:
        counts[one.status] = counts.get(one.status, 0) + 1
    dead = await read_dead_letters(mill, FEW, tenant=tenant, looked=LOOKED // 2)
    return Own(tenant, counts, found[:FEW], dead, LOOKED)


async def _newest(transport: Asynchronous, most: int) -> list[Recent]:
    """Ids begin with their time, so the greatest is the newest."""
    calls = DocumentCalls(Keys())
    pages = await transport.send_all([calls.by_status(state, most) for state in STATES])
    ids = sorted({id for page in pages for id in page if not is_of_finish(id)}, reverse=True)[:most]
    fields = ["status", "pipeline", "submitted", "tenant"]
    heads = await transport.send_all([calls.fields(id, fields) for id in ids])
    told = [[(value or b"").decode() for value in head] for head in heads]
    return [_row(id, head) for id, head in zip(ids, told, strict=True) if head[0]]


def _row(id: str, head: list[str]) -> Recent:
    status, pipeline, submitted, tenant = head
    return Recent(id, status, pipeline.partition("@")[0], int(submitted or 0) / 1000, tenant)
