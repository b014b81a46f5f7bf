"""What is called about batches."""

from collections.abc import Mapping, Sequence
from typing import Any

from orchestrator.calls.answers import mapping, one_line, scored
from orchestrator.calls.base import Call, Word, script_words, text
from orchestrator.keys import Keys

KEY_KEPT = 86_400_000
"""Milliseconds, as long as a document's."""


class BatchCalls:
    """Builds calls about the batches of one shard."""

    def __init__(self, keys: Keys) -> None:
        self._keys, self._index = keys, keys.named("batches")
        self._batch = script_words("batch", self._index)

    def open(
        self,
        batch: str,
        pipeline: str,
        *,
        priority: int,
        tenant: str,
        aggregate: str = "",
        given: str = "",
        retention: float,
        name: str = "",
        trace: str = "",
    ) -> Call[str]:
        """Begin a batch, or learn the state of one that was begun: `opened`, `closed` or `ended`.

        Args:
            pipeline: its documents', for people.
            aggregate: the id of its aggregate's pipeline, which the server knows.
            given: the aggregate's other parameters, JSON without the braces.
            retention: seconds, after its end.
            trace: the traceparent of the span that opens it, or empty.
        """
        words = (pipeline, priority, tenant, aggregate, given, int(retention * 1000), name, trace)
        return Call(self._batch, ("open", batch, 0, *words), text)

    def name(self, batch: str, names: Mapping[int, str]) -> Call[str]:
        """Write down what the sender of lines calls them."""
        told: list[Word] = [word for line, name in names.items() for word in (line, name)]
        return Call(self._batch, ("name", batch, 0, *told), text)

    def refuse(self, batch: str, lines: Mapping[int, str]) -> Call[str]:
        """Write down why lines did not become documents."""
        told: list[Word] = [word for line, why in lines.items() for word in (line, one_line(why))]
        return Call(self._batch, ("refuse", batch, 0, *told), text)

    def close(self, batch: str) -> Call[str]:
        """All its documents are in: `closed`, or `ended` where all of them have ended."""
        return Call(self._batch, ("close", batch, 0), text)

    def cancel(self, batch: str, why: str, most: int = 8) -> Call[str]:
        """End it and up to `most` of its documents: `cancelled`, or `again` where more are left."""
        return Call(self._batch, ("cancel", batch, most, one_line(why)), text)

    def head(self, batch: str) -> Call[dict[str, str]]:
        """All that is known of it."""
        return Call(("HGETALL",), (self._keys.batch(batch),), mapping)

    def refused(self, batch: str, lines: Sequence[int]) -> Call[list[bytes | None]]:
        """Why those lines were refused; None of one that was not."""
        return Call(("HMGET",), (self._keys.batch(batch, "refused"), *lines), list)

    def names(self, batch: str, lines: Sequence[int]) -> Call[list[bytes | None]]:
        """What those lines are called; None of one that has no name."""
        return Call(("HMGET",), (self._keys.batch(batch, "names"), *lines), list)

    def some_refused(self, batch: str, most: int = 100) -> Call[dict[int, str]]:
        """Lines that were refused, and why, by line: about `most` of them, all where they are fewer."""
        return Call(("HSCAN",), (self._keys.batch(batch, "refused"), 0, "COUNT", most), _by_line)

    def of_key(self, tenant: str, key: str, batch: str) -> Call[str]:
        """The id that an idempotency key was first used with; this one, where it was not used."""
        words = (self._keys.named(f"batch-key:{tenant}:{key}"), batch, "NX", "GET", "PX", KEY_KEPT)
        return Call(("SET",), words, lambda raw: batch if raw is None else text(raw))

    def newest(self, most: int) -> Call[list[tuple[str, float]]]:
        """Batches, newest first, and when each was opened (seconds)."""
        return Call(("ZRANGE",), (self._index, 0, most - 1, "REV", "WITHSCORES"), scored)


def _by_line(raw: Any) -> dict[int, str]:
    told = mapping(raw[1])
    return {int(line): told[line] for line in sorted(told, key=int)}
