"""The models of one process: each loaded on first use, by one thread, under a budget."""

import threading
import time
from collections import Counter, deque
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

from orchestrator.budget import parse_budget
from orchestrator.logs import logger, place_of
from orchestrator.models import ModelInfo, Resident, catalogue, model_of
from orchestrator.settings import Settings
from worker.residency.loading import Loaded, let_go, load
from worker.residency.measuring import card_memory, host_memory
from worker.residency.room import Room
from worker.residency.usage import Usage

log = logger(__name__)

MOST_EVENTS = 64
"""Of those that nobody has asked for yet."""


class Residents:
    """What is loaded; least recently used ones leave when another needs their room."""

    def __init__(self, settings: Settings) -> None:
        self.evictions, self.changes = 0, 0
        """`changes`: how often what is resident has changed."""
        self._settings = settings
        self._loaded: dict[str, Loaded] = {}  # the least recently used one first
        self._sizes: dict[str, int] = {}
        self._loads = Counter[str]()
        self._events = deque[tuple[str, ...]](maxlen=MOST_EVENTS)
        self._usage = Usage()
        self._loading, self._book = threading.Lock(), threading.Lock()

    @cached_property
    def limit(self) -> int | None:
        """The budget in bytes; None is no limit."""
        return parse_budget(self._settings.vram_budget).limit(card_memory(), host_memory())

    def get(self, name: str) -> Any:
        """The model of that name, in use until the current job ends.

        Raises:
            UsageError: it is not in the catalogue.
            TooLarge: it does not fit into the budget.
            Unavailable: it does not fit while other jobs of this process use theirs.
        """
        found = self._used(name)
        if found is None:
            with self._loading:
                found = self._used(name) or self._load(model_of(name))
        return found[0]

    def job(self) -> AbstractContextManager[None]:
        """Around one run of one job: what it asks for is not evicted before the block ends."""
        return self._usage.job()

    def preload(self, models: Collection[str]) -> list[str]:
        """Load those that the catalogue marks so, before the first job; returns the names.

        One that cannot be loaded now is left to the job that needs it, which tells why.
        """
        loaded: list[str] = []
        for name in [info.name for info in catalogue() if info.preload and info.name in models]:
            try:
                self.get(name)
            except Exception as problem:
                log.warning("a model was not preloaded", model=name, error=place_of(problem))
            else:
                loaded.append(name)
        return loaded

    def evict_idle(self) -> list[str]:
        """Evict all that is neither pinned nor in use; returns the names."""
        with self._book:
            victims = self._take_out(self._room().idle())
        self._evict(victims)
        return [one.info.name for one in victims]

    def names(self) -> list[str]:
        """What is resident now, the least recently used first."""
        with self._book:
            return list(self._loaded)

    def report(self) -> list[Resident]:
        """What is resident now, with its figures."""
        with self._book:
            return [one.reported(self._loads[name]) for name, one in self._loaded.items()]

    def events(self) -> Iterator[tuple[str, ...]]:
        """What came and went since this was asked last: `loaded <model> <seconds>`, `evicted <model>`."""
        while self._events:
            yield self._events.popleft()

    def _used(self, name: str) -> tuple[Any] | None:
        """The model alone in a tuple, as it may be anything; None where it is not resident."""
        with self._book:
            found = self._loaded.pop(name, None)
            if found is None:
                return None
            self._loaded[name] = found
            found.last_used = time.time()
            self._usage.mark(name)
            return (found.value,)

    def _load(self, info: ModelInfo) -> tuple[Any]:
        self._make_room(info, self._sizes.get(info.name, info.bytes or 0))
        loaded = load(info, self._settings)
        self._sizes[info.name] = loaded.bytes
        try:
            self._make_room(info, loaded.bytes)  # what was not declared is known only now
        except BaseException:
            let_go([loaded])
            raise
        with self._book:
            self._loaded[info.name] = loaded
            self.changes += 1
            self._loads[info.name] += 1
            self._events.append(("loaded", info.name, f"{loaded.seconds:.3f}"))
            self._usage.mark(info.name)
            return (loaded.value,)

    def _make_room(self, info: ModelInfo, needed: int) -> None:
        if self.limit is None:
            return
        with self._book:
            victims = self._take_out(self._room().victims(info.name, needed, self.limit))
        self._evict(victims)

    def _room(self) -> Room:
        return Room(self._loaded, self._usage.all(), self._usage.own())

    def _take_out(self, victims: list[Loaded]) -> list[Loaded]:
        return [self._loaded.pop(one.info.name) for one in victims]

    def _evict(self, victims: list[Loaded]) -> None:
        let_go(victims)
        self.evictions += len(victims)
        self.changes += len(victims)
        for one in victims:
            self._events.append(("evicted", one.info.name))
            log.info("model evicted", model=one.info.name, bytes=one.bytes)
