"""Every error that docmill raises, in one tree.

DocmillError
├── UsageError                what was asked for cannot be: says what is allowed
│   ├── PipelineError         a pipeline or a step is defined wrongly
│   ├── NotFound              no such document, lane, pipeline
│   │   ├── UnknownBatch      no such batch
│   │   └── Purged            it was there, and is no more
│   ├── BadParameter          a submission's parameter is unknown, missing, or of another type
│   ├── UnsafeAddress         a URL leads to where docmill may not go
│   └── Conflict              another document stands in the way
│       ├── KeyReused         an idempotency key was used for something else
│       └── Taken             a unique name has a document already
├── LaneFull                  so many jobs wait in a lane as it may have: submit later
├── ServerError               the Redis server cannot be used: says the address and the fix
│   ├── Unreachable
│   ├── Full
│   └── Unsuitable
├── NotStarted                a program that docmill starts did not come up
├── DocumentFailed            a document ended without the result that somebody waits for
├── NotFetched                what a URL leads to could not be read
├── TooLate                   something did not happen in the time given
├── Stuck                     in a test: something waits for what will never come
├── MissingPart               an optional package or a system library is not installed: says which
└── StepError                 what a step may raise to decide its own fate
    ├── Fatal                 no retry can help
    │   └── TooLarge          a model does not fit into the memory budget
    ├── Retry                 again, after a delay
    ├── Unavailable           something that the step needs is down: wait for it, without using up an attempt
    └── SoftLimit             raised inside a step that runs longer than its soft limit
"""


class DocmillError(Exception):
    """Base of all; its text is written for the person who reads it."""


class UsageError(DocmillError):
    """What was asked for cannot be done; the text says what can. `field` is the one that is wrong, where it is one."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class PipelineError(UsageError):
    """A step or pipeline is defined wrongly; the text names it and the fault."""


class NotFound(UsageError):
    """No such document, lane or pipeline."""


class BadParameter(UsageError):
    """The parameter `field` of a submission is unknown, missing, or of another type; the text says what is expected."""


class UnsafeAddress(UsageError):
    """A URL that others named leads to where docmill may not go; the text says how to allow it."""


class UnknownBatch(NotFound):
    """No such batch."""

    def __init__(self, batch: str) -> None:
        super().__init__(f"there is no batch {batch}: it was never opened, or was purged after its retention")


class Purged(NotFound):
    """There was such a document, or batch, and it is gone for good.

    Args:
        name: its id.
        when: ISO 8601, UTC.
        tenant: whose it was: nobody else is to hear of it.
    """

    def __init__(self, name: str, when: str, tenant: str) -> None:
        super().__init__(f"{name} is gone: it was purged at {when}, after its retention or because someone deleted it")
        self.tenant = tenant


class Conflict(UsageError):
    """Another document, `document`, stands in the way."""

    def __init__(self, reason: str, document: str) -> None:
        super().__init__(reason)
        self.document = document


class KeyReused(Conflict):
    """An idempotency key was used for something else before."""


class Taken(Conflict):
    """A unique name has a document already, which has not ended."""


class LaneFull(DocmillError):
    """The lane `lane` has as many jobs waiting as it may have; what was accepted is served, and there is room again soon."""

    def __init__(self, lane: str) -> None:
        super().__init__(f"lane {lane} has as many jobs waiting as it may have: submit again in a few seconds")
        self.lane = lane


class ServerError(DocmillError):
    """Redis cannot be used; the text names the address and the fix."""


class Unreachable(ServerError):
    """Nothing answers at the address."""


class Full(ServerError):
    """It has no memory left for new documents; what was accepted still moves on."""


class Unsuitable(ServerError):
    """A server answers, but cannot be trusted with documents (version, eviction, another schema)."""


class NotStarted(DocmillError):
    """A program that docmill started ended, or did not answer in time; the text has the end of its log."""


class DocumentFailed(DocmillError):
    """The document `document` ended without the result that somebody waits for; the text says why.

    Args:
        status: how it ended: `failed`, `cancelled`, or `partial`, without the step that makes the result.
    """

    def __init__(self, reason: str, document: str, status: str) -> None:
        super().__init__(reason)
        self.document, self.status = document, status


class NotFetched(DocmillError):
    """What a URL leads to could not be read, or is too large; the text says which."""


class TooLate(DocmillError):
    """It did not happen within the time given; it still may."""


class Stuck(DocmillError):
    """In a test: something waits for what will never come, or comes to no end; the text says what."""


class MissingPart(DocmillError):
    """A package or a system library that this work needs is not installed; the text says how to install it."""


class StepError(DocmillError):
    """What a step raises to decide its own fate; any other exception is retried with backoff."""


class Fatal(StepError):
    """No retry can help: the job fails at once, and `reason` is what people read."""


class TooLarge(Fatal):
    """A model does not fit into the memory budget beside what the same job uses; the text has the figures."""


class Retry(StepError):
    """Run the job again.

    Args:
        after: delay, seconds; None uses the step's own backoff. The attempt counts.
        reason: what people read while it waits.
    """

    def __init__(self, after: float | None = None, reason: str = "the step asked for another try") -> None:
        super().__init__(reason)
        self.after = after


class Unavailable(StepError):
    """A service that the step needs is down (the LLM server, say).

    The job waits with backoff and tries again for as long as it takes; no attempt is used up.

    Args:
        reason: what people read in `docmill status` while it waits.
        after: delay, seconds; None uses backoff.
    """

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class SoftLimit(StepError):
    """The step has run longer than its soft limit; raised inside it, once.

    The step may catch it, save what it has and return that: it has succeeded. Let out, it is a failed attempt. A step in
    a shared lane is cancelled instead (`asyncio.CancelledError`), to the same effect.
    """
