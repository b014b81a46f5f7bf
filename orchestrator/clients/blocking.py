"""The client that blocks."""

import weakref
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from orchestrator.clients.operation import Blocking
from orchestrator.clients.portal import Portal
from orchestrator.clients.session import PATIENCE, Session
from orchestrator.clients.verbs import Verbs
from orchestrator.settings import Settings

R = TypeVar("R")


class Client(Verbs, Blocking):
    """docmill for a program that blocks. Safe to use from many threads; connects at the first call, or at `with`.

    A process that forks may go on using it: the child connects anew.

    Args:
        url: where Redis is; None takes `DOCMILL_REDIS_URL`, and without that the private server, started where it
            does not run.
        settings: None reads the environment.
        patience: seconds for which each call keeps trying while Redis does not answer.
    """

    def __init__(self, url: str | None = None, *, settings: Settings | None = None, patience: float = PATIENCE) -> None:
        self._session = Session(url, settings, patience)
        self._portal = Portal(self._session.close, self._session.forget)
        self._end = weakref.finalize(self, self._portal.close, wait=False)

    def perform(self, work: Callable[[Session], Coroutine[Any, Any, R]]) -> R:
        """Do some work over the session: what every name stands on."""
        return self._portal.run(lambda: work(self._session))

    def leave(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Let some work be done, without waiting for it."""
        self._portal.leave(work)

    def close(self) -> None:
        """End the connections; calls that still wait are refused. Twice is fine."""
        self._portal.close()

    def __enter__(self) -> Self:
        self.perform(Session.connect)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
