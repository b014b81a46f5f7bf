"""Results kept by content: looked up before a cached step runs, kept after it ran.

Whatever goes wrong here, the step just runs: a cache is never the reason that a job fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from orchestrator.blobs import INLINE, Blobs
from orchestrator.caching import CACHE
from orchestrator.calls import Call, Leased
from orchestrator.calls.caching import CacheCalls, Entry
from orchestrator.failpoints import failpoint
from orchestrator.ids import short_id
from orchestrator.keys import Keys, shard_of
from orchestrator.logs import logger, place_of
from orchestrator.settings import Settings
from worker.running.belongings import attached, detached
from worker.running.binding import Binding
from worker.running.drafting import Draft
from worker.running.identity import Identity, Unidentified
from worker.running.outputs import ITEM_INLINE

log = logger(__name__)

Send = Callable[[Call[Any]], Any]


@dataclass(frozen=True, slots=True)
class Work:
    """A job of a cached step, with its arguments.

    Args:
        digest: of the work.
        arguments: blobs that the step is given.
    """

    job: Leased
    binding: Binding
    digest: str
    arguments: list[str]


class ResultCache:
    """The cache, as one process uses it.

    Args:
        send: the way to Redis.
    """

    def __init__(self, settings: Settings, blobs: Blobs, send: Send) -> None:
        self._settings, self._blobs, self._send = settings, blobs, send
        self._known: dict[Any, tuple[Identity, msgspec.json.Decoder[Any]]] = {}
        self._told: set[tuple[str, str, str]] = set()

    def work(self, job: Leased, binding: Binding, arguments: dict[str, Any]) -> Work | None:
        """What is to be done, where it may be found or kept; None where it may not."""
        if not self._settings.cache_size:
            return None
        try:
            identity = self._identity(binding)[0]
            return Work(job, binding, identity.digest(arguments), identity.places(arguments))
        except Unidentified:
            return None
        except Exception as problem:
            self._tell("results of a step cannot be cached", job, problem)
            return None

    def find(self, work: Work) -> tuple[Any] | None:
        """What was made of the same before, alone in a tuple as it may be anything; None where the step is to run."""
        try:
            kept = self._send(self._calls(work.job).get(work.digest, work.job.job))
            if kept is None:
                return None
            raw = self._blobs.get(kept.value[1:].decode()) if kept.value.startswith(b"@") else kept.value
            if kept.refers:
                raw = self._attach(work, raw)
            return (self._identity(work.binding)[1].decode(raw),)
        except Exception as problem:
            self._tell("what the cache has cannot be used", work.job, problem)
            return None

    def keep(self, work: Work, value: Any) -> None:
        """Keep what the step made."""
        try:
            raw = msgspec.json.encode(value)
            if len(raw) <= self._settings.cache_size:
                self._keep(work, raw)
        except Exception as problem:
            self._tell("a result is not kept in the cache", work.job, problem)

    def _keep(self, work: Work, raw: bytes) -> None:
        job, calls, own = work.job, self._calls(work.job), work.job.document.encode()
        draft = Draft(f"{CACHE}/{work.digest}-{short_id()}", self._blobs, lambda path: self._send(calls.begin(path)))
        if refers := own in raw:
            tree = detached(msgspec.json.decode(raw), job.document, work.arguments, draft.adopt)
            raw = msgspec.json.encode(tree)
        if own in raw:
            raise ValueError("it names its document, so another one could not use it")
        if len(raw) > (INLINE if job.index is None else ITEM_INLINE):
            raw = draft.put(raw)
        failpoint("cache.copied")
        cache = work.binding.call.step.cache
        ttl = (cache and cache.ttl) or self._settings.cache_ttl
        entry = Entry(work.digest, job.job, ttl, raw, refers, draft.folder, draft.size)
        self._send(calls.keep(entry, self._settings.cache_size))

    def _attach(self, work: Work, raw: bytes) -> bytes:
        def adopt(path: str) -> str:
            own = f"{work.job.job}/{work.job.token}.{path.rpartition('/')[2]}"
            self._blobs.copy(path, own)
            return own

        tree = attached(msgspec.json.decode(raw), f"{CACHE}/{work.digest}-", work.arguments, adopt)
        return msgspec.json.encode(tree)

    def _identity(self, binding: Binding) -> tuple[Identity, msgspec.json.Decoder[Any]]:
        """What is worked out once a step: its identity, and what reads its results."""
        step = binding.call.step
        if step.function not in self._known:
            self._known[step.function] = Identity(step, self._settings), msgspec.json.Decoder(step.returns)
        return self._known[step.function]

    def _calls(self, job: Leased) -> CacheCalls:
        return CacheCalls(Keys(shard_of(job.document)))

    def _tell(self, what: str, job: Leased, problem: Exception) -> None:
        """Once a process of each kind: what is wrong with one job is wrong with thousands."""
        kind = (job.step, what, type(problem).__name__)
        if kind not in self._told:
            self._told.add(kind)
            log.warning(what, error=place_of(problem))
