"""The clients that programs use: `Client` blocks, `AsyncClient` is awaited; the names are the same.

What a name does is written once, as a coroutine over a `Session` (`submitting`, `looking`, `steering`, `listing`,
`following`). `verbs` is the list of the names; `operation` makes of each what the two clients offer; `portal` is the
thread in which a blocking client's coroutines run.
"""

from orchestrator.clients.asynchronous import AsyncClient
from orchestrator.clients.blocking import Client
from orchestrator.following import Event

__all__ = ["AsyncClient", "Client", "Event"]
