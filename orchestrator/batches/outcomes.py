"""What became of the documents of a batch, line by line: read in pages, so that fifty thousand are no giant list.

A page is a generator that yields calls and is sent their answers: slots and clients drive the same one.
"""

from collections.abc import Generator, Mapping, Sequence
from typing import Any

import msgspec

from orchestrator.blobs import Blobs
from orchestrator.calls import Call, DocumentCalls
from orchestrator.calls.batches import BatchCalls
from orchestrator.ids import member_id
from orchestrator.keys import Keys, shard_of
from orchestrator.views import reason_of

PAGE = 100
"""Lines read at once."""
ITEMS = 500
"""Items of one document's list read in one call."""
REFUSED, PURGED = "refused", "purged"

Conversation = Generator[Sequence[Call[Any]], Sequence[Any], "list[Raw]"]


class Outcome(msgspec.Struct, frozen=True):
    """How one document of a batch ended.

    Args:
        line: from 1 on.
        document: its id; None of a line that was refused.
        status: the document's; or `refused`, or `purged` where nothing is kept of it any more.
        error: why it failed or was refused.
        output: what its pipeline returned, if it did.
        custom_id: what its sender calls the line.
    """

    line: int
    document: str | None
    status: str
    error: str | None = None
    output: Any = None
    custom_id: str | None = None


class Raw(msgspec.Struct, frozen=True):
    """An outcome whose output is as Redis has it: JSON, a reference, or the items of a list."""

    outcome: Outcome
    value: bytes | None = None
    items: Sequence[bytes | None] | None = None

    def read(self, blobs: Blobs) -> Outcome:
        """Decode it; what is large is fetched."""
        try:
            output = (
                _decoded(self.value, blobs) if self.items is None else [_decoded(item, blobs) for item in self.items]
            )
        except FileNotFoundError:  # it was deleted since Redis was read
            return msgspec.structs.replace(self.outcome, status=PURGED)
        return msgspec.structs.replace(self.outcome, output=output)


def page(batch: str, first: int, last: int) -> Conversation:
    """The outcomes of the lines from `first` to `last`."""
    documents, batches = DocumentCalls(Keys(shard_of(batch))), BatchCalls(Keys(shard_of(batch)))
    lines = range(first, last + 1)
    ids = [member_id(batch, line) for line in lines]
    heads = [documents.fields(document, ("status", "error", "pipeline")) for document in ids]
    names, refused, *found = yield [batches.names(batch, lines), batches.refused(batch, lines), *heads]
    results = yield from _result_steps(documents, {told[2].decode() for told in found if told[2]})
    logs = yield from _logs(documents, [document for document, told in zip(ids, found, strict=True) if told[1]])
    outcomes = [
        _named(_outcome(line, document, told, why, logs.get(document, [])), name)
        for line, document, told, why, name in zip(lines, ids, found, refused, names, strict=True)
    ]
    steps = [results.get((told[2] or b"").decode(), "-") for told in found]
    values = yield [documents.values(document, [step]) for document, step in zip(ids, steps, strict=True)]
    return (yield from _with_outputs(documents, outcomes, steps, values))


def _result_steps(
    calls: DocumentCalls, pipelines: set[str]
) -> Generator[Sequence[Call[Any]], Sequence[Any], Mapping[str, str]]:
    named = sorted(pipelines)
    plans = yield [calls.plan(pipeline) for pipeline in named]
    return {pipeline: plan.get("result", "-") for pipeline, plan in zip(named, plans, strict=True)}


def _logs(
    calls: DocumentCalls, documents: Sequence[str]
) -> Generator[Sequence[Call[Any]], Sequence[Any], Mapping[str, list[str]]]:
    """Of those that have an error: its text is in the log only."""
    if not documents:
        return {}
    logs = yield [calls.log(document) for document in documents]
    return dict(zip(documents, logs, strict=True))


def _with_outputs(
    calls: DocumentCalls, outcomes: Sequence[Outcome], steps: Sequence[str], values: Sequence[Sequence[bytes | None]]
) -> Conversation:
    """A list's items are read one document after the other: they may be many."""
    raw: list[Raw] = []
    for outcome, step, (value,) in zip(outcomes, steps, values, strict=True):
        size = None
        if value is None and outcome.document is not None and outcome.status in {"succeeded", "partial"}:
            (size,) = yield [calls.field(outcome.document, f"{step}.items")]
        if size is None or outcome.document is None:
            raw.append(Raw(outcome, value))
        else:
            pages = [range(at, min(at + ITEMS, int(size))) for at in range(0, int(size), ITEMS)]
            found = yield [calls.items(outcome.document, step, of_page) for of_page in pages]
            raw.append(Raw(outcome, None, [item for items in found for item in items]))
    return raw


def _outcome(line: int, document: str, told: Sequence[bytes | None], refused: bytes | None, log: list[str]) -> Outcome:
    status, error, _ = told
    if refused is not None:
        return Outcome(line, None, REFUSED, refused.decode(errors="ignore"))
    if status is None:
        return Outcome(line, document, PURGED)
    return Outcome(line, document, status.decode(), reason_of(error.decode(errors="ignore") if error else None, log))


def _named(outcome: Outcome, name: bytes | None) -> Outcome:
    return outcome if name is None else msgspec.structs.replace(outcome, custom_id=name.decode())


def _decoded(value: bytes | None, blobs: Blobs) -> Any:
    if value is None:
        return None
    return msgspec.json.decode(blobs.get(value[1:].decode()) if value.startswith(b"@") else value)
