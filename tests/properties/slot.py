"""One slot: its calls may be repeated, their answers lost, its leases lost; what it is told is checked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from orchestrator.calls import Call, Done, Failed, Leased, SlotAnswer
from tests.properties.leasing import check_lease
from tests.properties.ledger import Output
from tests.support.engine import LANES

if TYPE_CHECKING:
    from tests.properties.world import World

Repeat = Literal["no", "twice", "lost"]
"""A call is sent once; or at once again; or its answer is lost: then, whatever happens, it is sent again before the next."""
NOTHING_DONE = frozenset({"unknown", "retired", "old"})


class Slot:
    """A slot of the one worker.

    Args:
        name: `w/<n>`.
    """

    def __init__(self, world: "World", name: str) -> None:
        self.world, self.name, self.generation = world, name, 0
        self._begin()

    def _begin(self) -> None:
        self.generation += 1
        self.held: list[Leased] = []
        self.calls: list[Call[SlotAnswer]] = []
        self.unanswered: SlotAnswer | None = None
        words = ("alone", "fresh")
        self.hand = self.world.engine.slot(self.name, LANES, f"i{self.generation}", words)

    @property
    def incarnation(self) -> dict[str, str]:
        """As the supervisor names it."""
        return {self.name: f"i{self.generation}"}

    def renew(self) -> None:
        """As its supervisor does each second; a record that is gone is made anew, and knows of no call."""
        if self.is_unknown():
            self._forget(self.unanswered.jobs if self.unanswered else [])
            self.unanswered = None
            self.calls.clear()
        self.hand.renew()

    def is_unknown(self) -> bool:
        """Whether its record is gone."""
        return not self.world.redis.exists(self.world.keys.slot(self.name))

    def lose(self, also_wanted: bool) -> None:
        """Leases that nobody renewed are lost; what nobody wants any more its supervisor has ended long before that."""
        self._forget([job for job in self.all_jobs() if also_wanted or not self.world.is_current(job)])

    def end_by(self, others: Sequence["Slot"], cause: str, token: str) -> bool:
        """Its process ended, with those of others; returns whether the supervisor may kill, or has seen the death."""
        slots = [self, *(one for one in others if one is not self)]
        incarnations = {name: number for one in slots for name, number in one.incarnation.items()}
        call = self.hand.supervision.crash(incarnations, cause, token, "facts", 0.0)
        held, jobs = self.world.call(call, again=True)
        if token and not held:
            return False
        known = [job.job for one in slots for job in one.all_jobs()]
        assert set(jobs) <= set(known), "it gave back what none of them held"
        for one in slots:
            for job in one.all_jobs():
                self.world.ledger.end(job)
            one._begin()
        return True

    def all_jobs(self) -> list[Leased]:
        """Those that it holds, known to it or not."""
        return [*self.held, *(self.unanswered.jobs if self.unanswered else [])]

    def settle(self) -> None:
        """The answer that was lost is asked for again: it is the same, without what it lost meanwhile."""
        first = self.unanswered
        if first is None:
            return
        self.unanswered = None
        second = self.world.engine.transport.send(self.calls[-1])
        if second.word == "unknown":  # its record has expired
            self._forget(first.jobs)
            return
        assert (second.word, second.verdicts) == ("repeated", first.verdicts), (first, second)
        told = [(job.job, job.token) for job in second.jobs]
        lost = [job for job in first.jobs if (job.job, job.token) not in told]
        assert not [job for job in lost if self.world.is_current(job)], "it was not told of what it holds"
        assert set(told) <= {(job.job, job.token) for job in first.jobs}
        self.held += second.jobs
        self._forget(lost)

    def _forget(self, jobs: Sequence[Leased]) -> None:
        for job in jobs:
            self.world.ledger.end(job)

    def claim(self, want: int, repeat: Repeat) -> SlotAnswer:
        """Lease jobs."""
        self.settle()
        return self._send(self.hand.calls.claim(want), repeat)

    def complete(self, done: Sequence[Done], values: Sequence[Output], want: int, repeat: Repeat) -> None:
        """End jobs well."""
        self.settle()
        jobs = [one.job for one in done]
        expected = [self.world.verdict(job, "done") for job in jobs]
        lives = [self.world.story.lives.get(job.document, 0) for job in jobs]
        self._drop(jobs)
        answer = self._exchange(self.hand.calls.complete(done, want))
        if self._check(answer, expected):
            for one, value, verdict, life in zip(done, values, answer.verdicts, lives, strict=True):
                if verdict == "done":
                    self.world.ledger.accept(one.job, life, value, tuple(one.unwanted))
        self._take(answer, repeat)

    def fail(self, failed: Sequence[Failed], want: int, repeat: Repeat) -> None:
        """End jobs without success."""
        self.settle()
        jobs = [one.job for one in failed]
        expected = [self.world.verdict(job, "failed") for job in jobs]
        self._drop(jobs)
        answer = self._exchange(self.hand.calls.fail(failed, want))
        self._check(answer, expected)
        self._take(answer, repeat)

    def repeat_old(self) -> None:
        """A call that was delayed on the wire arrives after a later one."""
        if len(self.calls) > 1:
            answer = self.world.call(self.calls[-2])
            assert answer.word in {"old", "unknown"}, answer

    def drop(self, job: Leased) -> None:
        """It is not this slot's any more."""
        self._drop([job])

    def _drop(self, jobs: Sequence[Leased]) -> None:
        tokens = {job.token for job in jobs}
        self.held = [job for job in self.held if job.token not in tokens]
        self._forget(jobs)

    def _check(self, answer: SlotAnswer, expected: Sequence[str]) -> bool:
        """The verdicts are as foretold; whether there are any."""
        if answer.word in NOTHING_DONE:
            return False
        for verdict, foretold in zip(answer.verdicts, expected, strict=True):
            by_a_sibling = verdict == "ended" and foretold in {"done", "failed"} and len(expected) > 1
            assert verdict == foretold or by_a_sibling, (answer, expected)
        return True

    def _send(self, call: Call[SlotAnswer], repeat: Repeat) -> SlotAnswer:
        answer = self._exchange(call)
        self._take(answer, repeat)
        return answer

    def _exchange(self, call: Call[SlotAnswer]) -> SlotAnswer:
        self.calls.append(call)
        return self.world.call(call)

    def _take(self, answer: SlotAnswer, repeat: Repeat) -> None:
        for job in answer.jobs:
            check_lease(self.world, job)
        if repeat == "no" or answer.word in NOTHING_DONE:
            self.held += answer.jobs
            return
        self.unanswered = answer
        if repeat == "twice":
            self.settle()
