"""An idempotency key for a batch: it leads to the batch that it was first used for."""

from orchestrator.calls.batches import BatchCalls
from orchestrator.calls.once import Once
from orchestrator.connection import Asynchronous
from orchestrator.ids import new_id
from orchestrator.keys import Keys


async def batch_of_key(transport: Asynchronous, tenant: str, key: str) -> str:
    """The id of the tenant's batch of that key: kept for a day, made where there is none.

    Raises:
        UsageError: it cannot be a key.
    """
    Once(key=key).check()
    return await transport.send(BatchCalls(Keys()).of_key(tenant, key, new_id()))
