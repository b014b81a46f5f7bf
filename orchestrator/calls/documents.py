"""What those who submit and look call: submit, and plain reads."""

from collections.abc import Mapping, Sequence

from orchestrator.calls.answers import (
    failures_by_index,
    mapping,
    one_line,
    raw_mapping,
    same,
    scored,
    seconds,
    texts_of_set,
)
from orchestrator.calls.base import Call, Word, script_words, texts
from orchestrator.calls.once import NOTHING, Once
from orchestrator.keys import Keys
from orchestrator.lanes import lanes_field


class DocumentCalls:
    """Builds calls about the documents of one shard."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self._submit = script_words("submit", keys.named("place"))
        self._cancel = script_words("cancel", keys.named("retention"))
        self._reprioritise = script_words("reprioritise", keys.named("place"))
        self._retry = script_words("retry", keys.named("retention"))

    def submit(
        self,
        pipeline: str,
        documents: Sequence[tuple[str, bytes]],
        *,
        priority: int = 5,
        tenant: str = "default",
        lanes: Mapping[str, str] | None = None,
        delay: float = 0.0,
        deadline: float | None = None,
        once: Once | None = None,
        batch: str = "",
        unwanted: Mapping[str, str] | None = None,
        plan: Mapping[str, str] | None = None,
        trace: str = "",
    ) -> Call[list[str]]:
        """Accept documents (id, input JSON), all or none.

        Args:
            lanes: step -> lane, where it differs from the pipeline's.
            delay: seconds until the first jobs may start.
            deadline: seconds until the document must have ended; then it fails.
            once: what keeps one document from being accepted twice.
            batch: that they are members of.
            unwanted: document -> the steps, space separated, that its parameters leave out; few documents have any.
            plan: the compiled pipeline, where the server does not know it.
            trace: the traceparent of the span that submits, or empty.

        Returns:
            `unknown-pipeline`; or `closed`, where its batch takes no more; or `full` and a lane; or `accepted` and a word
            for each document, `queued` or `repeated`; or `same`, `differs` or
            `taken`, and the id of the document that was there before.
        """
        fields = [word for pair in (plan or {}).items() for word in pair]
        told: list[Word] = [word for n, value in documents for word in (n, value, (unwanted or {}).get(n, ""))]
        times, names = (int(delay * 1000), int((deadline or 0) * 1000)), (once or NOTHING).words
        head = (pipeline, priority, tenant, lanes_field(lanes or {}, trace), *times, *names, batch, len(fields) // 2)
        return Call(self._submit, (*head, *told, *fields), texts)

    def cancel(self, documents: Sequence[str], why: str) -> Call[list[str]]:
        """End documents, about eight a call; returns for each `cancelled`, `unknown`, or the final state it had before."""
        return Call(self._cancel, (one_line(why), *documents), texts)

    def reprioritise(
        self, documents: Sequence[str], priority: int | None, deadline: float | None = None
    ) -> Call[list[str]]:
        """Give documents another priority and deadline (seconds of the epoch, 0 for none), about twenty a call.

        What is None stays as it is. Answers for each `moved`, `same`, `unknown` or its final state.
        """
        limit = "" if deadline is None else int(deadline * 1000)
        return Call(self._reprioritise, ("" if priority is None else priority, limit, *documents), texts)

    def retry(self, documents: Sequence[tuple[str, int]], why: str, start: str = "") -> Call[list[str]]:
        """Revive ended documents (id, how often it was revived before), about five a call.

        Args:
            start: the step from which on all runs again; empty runs what is missing.

        Returns:
            A word for each, as in `lua/retry.lua`.
        """
        pairs: list[Word] = [word for pair in documents for word in pair]
        return Call(self._retry, (start, one_line(why), *pairs), texts)

    def head(self, document: str) -> Call[dict[str, str]]:
        """Every field of a document's state."""
        return Call(("HGETALL",), (self.keys.doc(document),), mapping)

    def data(self, document: str) -> Call[dict[str, bytes]]:
        """A document's input and outputs."""
        return Call(("HGETALL",), (self.keys.data(document),), raw_mapping)

    def exists(self, document: str) -> Call[int]:
        """Whether a document is known, 1 or 0."""
        return Call(("EXISTS",), (self.keys.doc(document),), int)

    def values(self, document: str, fields: Sequence[str]) -> Call[list[bytes | None]]:
        """Some of a document's values."""
        return Call(("HMGET",), (self.keys.data(document), *fields), list)

    def field(self, document: str, field: str) -> Call[bytes | None]:
        """One field of a document's state."""
        return Call(("HGET",), (self.keys.doc(document), field), same)

    def fields(self, document: str, fields: Sequence[str]) -> Call[list[bytes | None]]:
        """Some fields of a document's state."""
        return Call(("HMGET",), (self.keys.doc(document), *fields), list)

    def plan(self, pipeline: str) -> Call[dict[str, str]]:
        """A compiled pipeline."""
        return Call(("HGETALL",), (self.keys.plan(pipeline),), mapping)

    def log(self, document: str) -> Call[list[str]]:
        """What was unusual, oldest first."""
        return Call(("LRANGE",), (self.keys.log(document), 0, -1), texts)

    def items(self, document: str, step: str, indexes: Sequence[int]) -> Call[list[bytes | None]]:
        """Items of a list output, by index."""
        return Call(("HMGET",), (self.keys.fan(document, step, "data"), *indexes), list)

    def items_done(self, document: str, step: str) -> Call[int]:
        """How many items of a fan-out are done."""
        return Call(("BITCOUNT",), (self.keys.fan(document, step, "done"),), int)

    def failures(self, document: str, step: str) -> Call[dict[int, str]]:
        """Why items of a fan-out failed, by index."""
        return Call(("HGETALL",), (self.keys.fan(document, step),), failures_by_index)

    def checkpoint(self, document: str, step: str, index: int | None) -> Call[bytes | None]:
        """What a job's last try left for the next one."""
        key, field = (self.keys.data(document), step) if index is None else (self.keys.fan(document, step), str(index))
        return Call(("HGET",), (key, f"{field}.checkpoint"), same)

    def by_status(self, status: str, most: int) -> Call[list[str]]:
        """Ids of documents in that state, or that carry that flag, newest first."""
        return Call(("ZRANGE",), (self.keys.by(status), 0, most - 1, "REV"), texts)

    def index_page(
        self, index: str, most: int, low: float | None, skip: int, high: float | None
    ) -> Call[list[tuple[str, float]]]:
        """Documents of a status or a flag, oldest first, with the time of their submission (seconds).

        Args:
            low: submitted then or later, all but the first `skip`. high: submitted before then; seconds of the epoch.
        """
        begin = "-inf" if low is None else repr(low * 1000)
        end = "+inf" if high is None else f"({high * 1000!r}"
        words = (self.keys.by(index), begin, end, "BYSCORE", "LIMIT", skip, most, "WITHSCORES")
        return Call(("ZRANGE",), words, scored)

    def stats(self) -> Call[dict[str, str]]:
        """Every counter of the shard."""
        return Call(("HGETALL",), (self.keys.named("stats"),), mapping)

    def lanes(self) -> Call[list[str]]:
        """The lanes that ever held a job."""
        return Call(("SMEMBERS",), (self.keys.named("lanes"),), texts_of_set)

    def lane(self, lane: str) -> Call[dict[str, str]]:
        """What is known of a lane: its classes, whether it is paused or rests."""
        return Call(("HGETALL",), (self.keys.lane(lane),), mapping)

    def next_in(self, lane: str) -> Call[list[str]]:
        """The job that a lane (or a class of it, `lane:class`) gives next; none or one."""
        return Call(("ZRANGE",), (self.keys.ready(lane), 0, 0), texts)

    def depth(self, lane: str) -> Call[int]:
        """How many entries are ready in a lane (a fan-out is one)."""
        return Call(("ZCARD",), (self.keys.ready(lane),), int)

    def count(self, name: str) -> Call[int]:
        """How many members a zset of the shard has: leases, delayed."""
        return Call(("ZCARD",), (self.keys.named(name),), int)

    def workers(self) -> Call[list[str]]:
        """Ids of the workers heard of in the last hour."""
        return Call(("ZRANGE",), (self.keys.named("workers"), 0, -1), texts)

    def worker(self, worker: str) -> Call[dict[str, str]]:
        """A worker's record."""
        return Call(("HGETALL",), (self.keys.worker(worker),), mapping)

    def slot(self, slot: str) -> Call[dict[str, str]]:
        """A slot's record; `slot` is `<worker>/<n>`."""
        return Call(("HGETALL",), (self.keys.slot(slot),), mapping)

    def time(self) -> Call[float]:
        """The server's clock, seconds."""
        return Call(("TIME",), (), seconds)
