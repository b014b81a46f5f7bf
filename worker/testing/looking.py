"""What a test looks at."""

import time
from contextlib import suppress
from typing import Any

from orchestrator.clients import Client
from orchestrator.errors import NotStarted, TooLate
from orchestrator.views import Document
from worker.testing.idle import listed, told
from worker.testing.readable import readable
from worker.testing.workers import Worker

PATIENCE = 60.0
"""Seconds that a document gets in a real worker."""
LOOK = 1.0
"""Seconds between two looks whether that worker is still there."""


class Looking:
    """Documents, as they are and as they ended."""

    client: Client
    """For all that clients do: cancel, retry, list, pause and so on; `use` pipelines first that are submitted by it."""
    _worker: Worker | None = None

    @readable
    def get(self, document: str) -> Document:
        """A document as it is now."""
        return self.client.get(document)

    @readable
    def output(self, document: str, step: str) -> Any:
        """What a step returned, as JSON has it.

        Raises:
            NotFound: it has no output; the text has its state.
        """
        return self.client.output(document, step)

    @readable
    def result(self, document: str) -> Any:
        """What the pipeline returned, as JSON has it.

        Raises:
            DocumentFailed: there is none; the text says why. TooLate: the document has not ended.
        """
        return self.client.result(document, timeout=0)

    @readable
    def wait(self, document: str, seconds: float = PATIENCE) -> Document:
        """A document that a worker runs, once it is final.

        Raises:
            TooLate: it is not; the text says what it waits for. NotStarted: the worker has ended.
        """
        give_up = time.monotonic() + seconds
        while (left := give_up - time.monotonic()) > 0:
            with suppress(TooLate):
                return self.client.wait(document, timeout=min(left, LOOK))
            if self._worker is not None and (code := self._worker.process.poll()) is not None:
                raise NotStarted(
                    f"the worker has ended with exit code {code}; its log is in what was captured of stderr"
                )
        raise TooLate(f"{document} has not ended after {seconds:g} s:{listed(told(self.get(document)))}")
