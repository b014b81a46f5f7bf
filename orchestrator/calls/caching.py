"""What is kept of steps' results: looked up and kept by slots, tidied by anyone."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from orchestrator.calls.base import Call, script_words, text, texts
from orchestrator.keys import Keys


class Kept(NamedTuple):
    """What a step made of the same before.

    Args:
        value: JSON, or `@` and the path of the entry's blob.
        refers: whether the value names blobs of the entry.
    """

    value: bytes
    refers: bool


class Entry(NamedTuple):
    """What is to be kept.

    Args:
        digest: of the step, its version, its model and its arguments.
        job: whose run made it.
        ttl: seconds for which it may be used.
        folder: of its blobs, all of them written before; empty where it has none.
        size: bytes of its blobs.
    """

    digest: str
    job: str
    ttl: float
    value: bytes
    refers: bool = False
    folder: str = ""
    size: int = 0


class Tidied(NamedTuple):
    """What one call found to do: folders of blobs to be deleted now, and whether more entries are to leave."""

    again: bool
    folders: list[str]


class CacheCalls:
    """Builds the calls of one shard's cache of step results."""

    def __init__(self, keys: Keys) -> None:
        name = keys.named("cache")
        self._cache, self._keep = script_words("cache", name), script_words("keep", name)
        self._keys, self._used = keys, keys.named("cache-used")

    def get(self, digest: str, job: str) -> Call[Kept | None]:
        """What was kept; None where there is nothing that this job may use."""
        return Call(self._cache, ("get", digest, 0, job), _kept)

    def keep(self, entry: Entry, most_bytes: int) -> Call[str]:
        """Keep it, in place of what was there; `kept`, `large` or `ended`.

        Args:
            most_bytes: that all entries may take together.
        """
        head = (entry.digest, entry.job, int(entry.ttl * 1000), int(most_bytes))
        return Call(self._keep, (*head, entry.value, int(entry.refers), entry.folder, entry.size), text)

    def begin(self, folder: str) -> Call[str]:
        """Blobs are about to be written there: where no entry takes them within an hour, they are deleted."""
        return Call(self._cache, ("begin", folder, 0), text)

    def take(self, most: int = 20) -> Call[Tidied]:
        """Let go of what has passed its time, or is too much; names the folders that are to be deleted."""
        return Call(self._cache, ("take", "", most), _tidied)

    def drop(self, folders: Sequence[str]) -> Call[int]:
        """Those folders are deleted."""
        return Call(self._cache, ("drop", "", 0, *folders), int)

    def empty(self, most: int = 30) -> Call[int]:
        """Let go of the longest unused entries; how many they were."""
        return Call(self._cache, ("empty", "", most), int)

    def count(self) -> Call[int]:
        """How many entries there are."""
        return Call(("ZCARD",), (self._used,), int)

    def knows(self, document: str) -> Call[int]:
        """Whether a document gave anything to the cache or got something from it, 1 or 0."""
        return Call(("EXISTS",), (self._keys.cached(document),), int)

    def forget(self, document: str, most: int = 30) -> Call[int]:
        """Let go of what a document gave to the cache or got from it; how many entries they were."""
        return Call(self._cache, ("forget", document, most), int)


def _kept(raw: Any) -> Kept | None:
    return Kept(raw[0], raw[1] == b"1") if raw else None


def _tidied(raw: Any) -> Tidied:
    again, *folders = texts(raw)
    return Tidied(again == "1", folders)
