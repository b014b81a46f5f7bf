"""A job's output: JSON, in Redis where it is small, else in the blob store with a reference in Redis."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from orchestrator.blobs import INLINE, ITEM_INLINE, Blobs
from orchestrator.calls import Done, Leased
from orchestrator.errors import Fatal
from orchestrator.failpoints import failpoint
from worker.running.binding import Binding

CARRIED = 500
"""Items of a list that one call carries."""
MOST_ITEMS = 10_000
"""Of one list: then a document is to be split."""

SendItems = Callable[[int, Sequence[bytes]], object]


class Outputs:
    """Encodes and stores what steps return."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def done(self, job: Leased, binding: Binding, value: Any, send_items: SendItems | None) -> Done:
        """What `complete` is told of a job that returned `value`.

        Args:
            send_items: stores a part of a long list, before the whole is completed; of a step that makes one.
        """
        if binding.makes_list:
            assert send_items is not None
            return self._list(job, binding, value, send_items)
        limit = INLINE if job.index is None else ITEM_INLINE
        return Done(job, self._small(job, msgspec.json.encode(value), "", limit), unwanted=binding.left_out(value))

    def _list(self, job: Leased, binding: Binding, value: Any, send_items: SendItems) -> Done:
        if not isinstance(value, list):
            raise Fatal(f"step {job.step} is mapped over and must return a list, not {type(value).__name__}")
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        if len(items) > MOST_ITEMS:
            raise Fatal(
                f"step {job.step} made a list of {len(items)}; a document may have {MOST_ITEMS} items: split it"
            )
        raw = [self._small(job, msgspec.json.encode(item), f".{i}", ITEM_INLINE) for i, item in enumerate(items)]
        for first in range(CARRIED, len(raw), CARRIED):
            send_items(first, raw[first : first + CARRIED])
            failpoint("slot.items")
        return Done(job, length=len(raw), items=raw[:CARRIED], unwanted=binding.left_out(items))

    def _small(self, job: Leased, raw: bytes, suffix: str, limit: int) -> bytes:
        if len(raw) <= limit:
            return raw
        path = f"{job.job}/{job.token}{suffix}"
        self._blobs.put(path, raw)
        failpoint("slot.blob")
        return b"@" + path.encode()
