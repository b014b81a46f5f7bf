"""What those who submit and look call: submit, and plain reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from orchestrator.calls.base import Call, Word, script_words, texts
from orchestrator.keys import Keys

LONGEST_WHY = 500
"""Bytes of a reason."""


class DocumentCalls:
    """Builds calls about the documents of one shard."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self._submit = script_words("submit", keys.named("place"))
        self._cancel = script_words("cancel", keys.named("retention"))

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
        plan: Mapping[str, str] | None = None,
    ) -> Call[list[str]]:
        """Accept documents (id, input JSON), all or none.

        Args:
            lanes: step -> lane, where it differs from the pipeline's.
            delay: seconds until the first jobs may start.
            deadline: seconds until the document must have ended; then it fails.
            plan: the compiled pipeline, where the server does not know it.

        Returns:
            `unknown-pipeline`, or `accepted` and a word for each document: `queued` or `repeated`.
        """
        overrides = " ".join(f"{step}={lane}" for step, lane in (lanes or {}).items())
        fields = [word for pair in (plan or {}).items() for word in pair]
        pairs: list[Word] = [word for pair in documents for word in pair]
        head = (pipeline, priority, tenant, overrides, int(delay * 1000), int((deadline or 0) * 1000), len(fields) // 2)
        return Call(self._submit, (*head, *pairs, *fields), texts)

    def cancel(self, documents: Sequence[str], why: str) -> Call[list[str]]:
        """End documents, about twenty a call; returns for each `cancelled`, `unknown`, or the final state it had before."""
        reason = why.replace("\n", " ").encode("utf-8", "backslashreplace")[:LONGEST_WHY]
        # Cut between two characters: what is stored is read as text again.
        return Call(self._cancel, (reason.decode(errors="ignore"), *documents), texts)

    def head(self, document: str) -> Call[dict[str, str]]:
        """Every field of a document's state."""
        return Call(("HGETALL",), (self.keys.doc(document),), _mapping)

    def data(self, document: str) -> Call[dict[str, bytes]]:
        """A document's input and outputs."""
        return Call(("HGETALL",), (self.keys.data(document),), _raw_mapping)

    def values(self, document: str, fields: Sequence[str]) -> Call[list[bytes | None]]:
        """Some of a document's values."""
        return Call(("HMGET",), (self.keys.data(document), *fields), list)

    def field(self, document: str, field: str) -> Call[bytes | None]:
        """One field of a document's state."""
        return Call(("HGET",), (self.keys.doc(document), field), _same)

    def fields(self, document: str, fields: Sequence[str]) -> Call[list[bytes | None]]:
        """Some fields of a document's state."""
        return Call(("HMGET",), (self.keys.doc(document), *fields), list)

    def plan(self, pipeline: str) -> Call[dict[str, str]]:
        """A compiled pipeline."""
        return Call(("HGETALL",), (self.keys.plan(pipeline),), _mapping)

    def log(self, document: str) -> Call[list[str]]:
        """What was unusual, oldest first."""
        return Call(("LRANGE",), (self.keys.log(document), 0, -1), texts)

    def items(self, document: str, step: str, indexes: Sequence[int]) -> Call[list[bytes | None]]:
        """Items of a list output, by index."""
        return Call(("HMGET",), (self.keys.fan(document, step, "data"), *indexes), list)

    def items_done(self, document: str, step: str) -> Call[int]:
        """How many items of a fan-out are done."""
        return Call(("BITCOUNT",), (self.keys.fan(document, step, "done"),), int)

    def by_status(self, status: str, most: int) -> Call[list[str]]:
        """Ids of documents in that state, newest first."""
        return Call(("ZRANGE",), (self.keys.by(status), 0, most - 1, "REV"), texts)

    def stats(self) -> Call[dict[str, str]]:
        """Every counter of the shard."""
        return Call(("HGETALL",), (self.keys.named("stats"),), _mapping)

    def lanes(self) -> Call[list[str]]:
        """The lanes that ever held a job."""
        return Call(("SMEMBERS",), (self.keys.named("lanes"),), texts_of_set)

    def lane(self, lane: str) -> Call[dict[str, str]]:
        """What is known of a lane: its classes, whether it is paused or rests."""
        return Call(("HGETALL",), (self.keys.lane(lane),), _mapping)

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
        return Call(("HGETALL",), (self.keys.worker(worker),), _mapping)

    def slot(self, slot: str) -> Call[dict[str, str]]:
        """A slot's record; `slot` is `<worker>/<n>`."""
        return Call(("HGETALL",), (self.keys.slot(slot),), _mapping)

    def time(self) -> Call[float]:
        """The server's clock, seconds."""
        return Call(("TIME",), (), _seconds)


def texts_of_set(raw: Any) -> list[str]:
    """A set, or its RESP2 list, as sorted text."""
    return sorted(texts(list(raw)))


def _same(raw: Any) -> Any:
    return raw


def _mapping(raw: Any) -> dict[str, str]:
    # A script may cut a text inside a character; that must not make the rest unreadable.
    return {field: value.decode(errors="ignore") for field, value in _raw_mapping(raw).items()}


def _raw_mapping(raw: Any) -> dict[str, bytes]:
    pairs: Any = raw.items() if isinstance(raw, dict) else zip(raw[::2], raw[1::2], strict=True)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return {field.decode(): value for field, value in pairs}


def _seconds(raw: Any) -> float:
    return int(raw[0]) + int(raw[1]) / 1e6
