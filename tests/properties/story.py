"""What the stream of events says, read word by word: each move must be legal where it stands."""

from collections.abc import Iterator
from typing import Any

from orchestrator.calls import Call
from orchestrator.states import DOCUMENT_MOVES, FINAL_DOCUMENT, FINAL_JOB, JOB_MOVES, DocumentState, JobState
from tests.support.engine import Engine

READY = JobState.READY


def follows(before: JobState, word: JobState) -> bool:
    """Whether a job may move so; a job that is taken in the call that made it ready tells only of its lease."""
    return word in JOB_MOVES[before] or (READY in JOB_MOVES[before] and word in JOB_MOVES[READY])


class Story:
    """Every document's and every job's state, as told."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._last = engine, "-"
        self.documents: dict[str, DocumentState] = {}
        self.jobs: dict[str, dict[str, JobState]] = {}
        """Document -> job -> state."""
        self.lives: dict[str, int] = {}
        """How often it was revived."""
        self.at_birth: dict[str, dict[str, DocumentState]] = {}
        """Of an aggregate: what all documents were when it was made."""

    def job(self, name: str) -> JobState | None:
        """The state of one job."""
        return self.jobs.get(name.partition("/")[0], {}).get(name)

    def is_final(self, document: str) -> bool:
        """Whether a document has ended."""
        return self.documents.get(document) in FINAL_DOCUMENT

    def read(self) -> None:
        """What is new in the stream."""
        for what, word in self._pairs():
            if word == "progress":
                continue
            if "/" in what:
                self._move_job(what, JobState(word))
            else:
                self._move_document(what, DocumentState(word))

    def _pairs(self) -> Iterator[tuple[str, str]]:
        words = (self._engine.keys.named("events"), self._last, "+")
        call: Call[Any] = Call(("XRANGE",), words, lambda raw: raw)
        for entry, flat in self._engine.transport.send(call):
            self._last = f"({entry.decode()}"
            told = [word.decode() for word in flat]
            yield from zip(told[::2], told[1::2], strict=True)

    def _move_document(self, name: str, word: DocumentState) -> None:
        before = self.documents.get(name)
        legal = word is DocumentState.QUEUED if before is None else word in DOCUMENT_MOVES[before]
        assert legal, f"{name} was {before} and is {word}"
        if before in FINAL_DOCUMENT:
            self.lives[name] = self.lives.get(name, 0) + 1
            self.jobs[name] = dict.fromkeys(self.jobs.get(name, {}), JobState.WAITING)
        if word in FINAL_DOCUMENT:
            jobs = self.jobs.setdefault(name, {})
            jobs |= {job: JobState.CANCELLED for job, state in jobs.items() if state not in FINAL_JOB}
        self.documents[name] = word
        if before is None and name.endswith(".aggregate"):
            self.at_birth[name] = dict(self.documents)

    def _move_job(self, name: str, word: JobState) -> None:
        document = name.partition("/")[0]
        assert not self.is_final(document), f"{name} is {word}, but {document} has ended"
        jobs = self.jobs.setdefault(document, {})
        before = jobs.get(name, JobState.WAITING)
        assert follows(before, word) or before is word is READY, f"{name} was {before} and is {word}"
        jobs[name] = word
