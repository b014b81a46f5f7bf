"""The words for what a document and a job can be, and the legal moves between them.

This is the one owner. `lua/lib/states.lua` has the same words and moves; `tests/house` compares the two.
It imports nothing of ours, so that every other module may import it.
"""

from enum import StrEnum


class DocumentState(StrEnum):
    """What a document is. The last four are final: nothing moves a document on but a retry or its purge."""

    QUEUED = "queued"
    """Accepted; none of its jobs was claimed yet."""
    RUNNING = "running"
    """At least one job was claimed."""
    SUCCEEDED = "succeeded"
    """Every job is done or skipped."""
    PARTIAL = "partial"
    """It ended with parts that failed, within the bound that the pipeline allows."""
    FAILED = "failed"
    """A job failed for good: a dead letter, kept with its history."""
    CANCELLED = "cancelled"
    """Someone asked for its end."""


class JobState(StrEnum):
    """What one step of one document is."""

    WAITING = "waiting"
    """For the outputs of other steps; `complete` moves it on."""
    READY = "ready"
    """In its lane; `claim` and `complete` lease it."""
    DELAYED = "delayed"
    """Waiting for a retry's delay or a start time; `sweep` moves it on."""
    HELD = "held"
    """Kept back by a limit; the event that frees the limit moves it on."""
    LEASED = "leased"
    """A slot runs it; `complete`, `fail`, `crash` and `sweep` end that."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


FINAL_DOCUMENT = frozenset(
    {DocumentState.SUCCEEDED, DocumentState.PARTIAL, DocumentState.FAILED, DocumentState.CANCELLED}
)
FINAL_JOB = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.SKIPPED})

DOCUMENT_MOVES: dict[DocumentState, frozenset[DocumentState]] = {
    # At once to its end: a cancel, a deadline, or parameters that leave all its steps out.
    DocumentState.QUEUED: frozenset({DocumentState.RUNNING, *FINAL_DOCUMENT} - {DocumentState.PARTIAL}),
    DocumentState.RUNNING: FINAL_DOCUMENT,
    # A retry revives what did not succeed whole; where only so many may be under way, it waits to be one of them.
    DocumentState.PARTIAL: frozenset({DocumentState.RUNNING, DocumentState.QUEUED}),
    DocumentState.FAILED: frozenset({DocumentState.RUNNING, DocumentState.QUEUED}),
    DocumentState.CANCELLED: frozenset({DocumentState.RUNNING, DocumentState.QUEUED}),
    # Only where the step to begin with is named.
    DocumentState.SUCCEEDED: frozenset({DocumentState.RUNNING, DocumentState.QUEUED}),
}

JOB_MOVES: dict[JobState, frozenset[JobState]] = {
    JobState.WAITING: frozenset(
        {JobState.READY, JobState.DELAYED, JobState.HELD, JobState.SKIPPED, JobState.CANCELLED, JobState.DONE}
    ),
    JobState.READY: frozenset({JobState.LEASED, JobState.HELD, JobState.DELAYED, JobState.CANCELLED, JobState.DONE}),
    JobState.DELAYED: frozenset({JobState.READY, JobState.SKIPPED, JobState.CANCELLED}),
    JobState.HELD: frozenset({JobState.READY, JobState.CANCELLED}),
    JobState.LEASED: frozenset(
        {
            JobState.DONE,
            JobState.READY,
            JobState.DELAYED,
            JobState.FAILED,
            JobState.SKIPPED,
            JobState.CANCELLED,
            JobState.HELD,
        }
    ),
    # A retry revives these.
    JobState.FAILED: frozenset({JobState.READY, JobState.WAITING}),
    JobState.CANCELLED: frozenset({JobState.READY, JobState.WAITING}),
    JobState.DONE: frozenset({JobState.READY, JobState.WAITING}),
    JobState.SKIPPED: frozenset({JobState.READY, JobState.WAITING}),
}
