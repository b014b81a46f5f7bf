"""What a running step may ask of docmill: the type of its `ctx` parameter."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from orchestrator.blobs import Blobs
from orchestrator.settings import Settings

if TYPE_CHECKING:
    from orchestrator.batches.outcomes import Outcome
    from orchestrator.batches.views import EndedBatch

T = TypeVar("T")


class Context(Protocol):
    """Passed to a step that has a parameter named `ctx`; the worker makes it, a test may make its own."""

    @property
    def id(self) -> str:
        """The document's id."""
        ...

    @property
    def job(self) -> str:
        """`<document>/<step>` or `<document>/<step>[i]`."""
        ...

    @property
    def attempt(self) -> int:
        """1 for the first run that may end, 2 after one failure, and so on. Lost leases do not raise it."""
        ...

    @property
    def fence(self) -> int:
        """Grows with every delivery of this job, never reset (µs): guard your own writes with it."""
        ...

    @property
    def deadline(self) -> float | None:
        """When the step's soft limit passes, on the clock of `time.monotonic()`; None where it has no limit."""
        ...

    @property
    def cancelled(self) -> bool:
        """Whether nobody wants this run any more: its document was ended, or its lease is another's. Then just return.

        Cheap enough for every turn of a loop. Heard of within 2 s; a step that does not ask is stopped from outside.
        """
        ...

    @property
    def settings(self) -> Settings:
        """The worker's settings."""
        ...

    @property
    def blobs(self) -> Blobs:
        """Where files live: the document's input, large outputs."""
        ...

    def model(self, name: str) -> Any:
        """The resident model of that name; loaded on first use, once a process.

        Raises:
            UsageError: nothing of that name is in the catalogue.
        """
        ...

    def flag(self, name: str, why: str) -> None:
        """Mark the document for people who look for such (`needs_review`): it is listed by its flags; `why` is logged.

        Raises:
            Fatal: the name is none, or is a status.
        """
        ...

    def failures(self, step: str) -> Mapping[int, str]:
        """Why items of a fan-out failed whose step allows that: by index, the error and its text, at most 200 bytes."""
        ...

    def checkpoint(self, state: Any) -> None:
        """Keep where this job is, anything that msgspec can encode: whatever ends this run, the next one gets it.

        A round trip each: once in some seconds is well. It goes when what the step is given changes (a retry from before it).
        """
        ...

    def last_checkpoint(self, of: type[T]) -> T | None:
        """What the last run of this job kept; None where there was none, or it kept nothing.

        Raises:
            msgspec.ValidationError: it is no `of`.
        """
        ...

    def outcomes(self, batch: "EndedBatch") -> "Iterator[Outcome]":
        """What became of each line of a batch, in order, the failed and refused ones too; read page by page."""
        ...

    def leave_uncached(self) -> None:
        """Do not keep for others what this run of a cached step returns: it came out worse than it might.

        What a run that flags its document returns, or one that asks for `failures`, is not kept either.
        """
        ...

    def progress(self, done: int, total: int) -> None:
        """Say how far this job is; shown to whoever watches."""
        ...
