"""The loop of a slot of its own: claim, run, complete and claim the next; one connection, one job or batch at a time."""

import time
from collections.abc import Sequence
from functools import partial

from orchestrator.calls import Call, Done, Failed, Leased, SlotAnswer, SlotCalls
from orchestrator.connection import Blocking
from orchestrator.failpoints import failpoint
from orchestrator.graph import Batch
from orchestrator.keys import Keys
from worker.line.orders import Orders
from worker.machine.card_token import CardToken
from worker.running.batches import Batches
from worker.running.executor import Executor
from worker.slots.news import News
from worker.slots.sending import NOT_ANNOUNCED, checked, rest_after, settle_call

TO_A_SIBLING = 0.005
"""Seconds in which the other process on this card hears that it is its turn."""
SIBLING_PATIENCE = 1.0
"""Seconds that it has to take the card, while it is free: then it is not there, or still loads."""
SIBLING_AWAY = 10.0
"""Seconds for which one that is not there is not waited for."""
MOST_IN_ONE_CALL = 16
"""Jobs of a batch, as in `lua/lib/take.lua`: where so many came, more may wait already."""
MORE_LOOK = 0.005
"""Seconds between two looks for more jobs of a batch."""
CARRIED = 16
"""Jobs that one call ends: each costs the server about 30 µs."""
LOOK = 1.0
"""Seconds between two looks whether to stop, while another process has the card."""


class Slot:
    """One slot; its steps run in the main thread.

    Args:
        lanes: in order of preference.
        serves: what does not change of what the slot says that it serves.
        token: of the card, where another process shares it.
    """

    def __init__(
        self, transport: Blocking, calls: SlotCalls, lanes: Sequence[str], serves: Sequence[str], executor: Executor,
        orders: Orders, news: News, token: CardToken | None = None,
    ) -> None:  # fmt: skip
        self._transport, self._calls, self._executor, self._orders = transport, calls, executor, orders
        self._batches, self._news, self._token = Batches(executor), news, token
        self._hints = [Keys().wake(lane) for lane in lanes]
        self._serves, self._seen, self._ended = list(serves), 0, 0
        self._asked_since, self._away_until = 0.0, 0.0
        self._say()

    def run(self) -> None:
        """Work until told to stop, or until another incarnation has this place."""
        answer = self._claim()
        while True:
            if answer.jobs:
                failpoint("slot.claimed")
                answer = self._work(answer)
            elif self._orders.stopping or answer.word == "retired":
                return
            elif answer.word == "used":
                self._news.outlived("a job that found too little memory wants an unused process")
                return
            else:
                self._rest(answer)
                if not self._orders.stopping:
                    answer = self._claim()

    def _claim(self) -> SlotAnswer:
        if self._away_until and time.monotonic() > self._away_until:
            self._away_until = 0.0
            self._say()
        while self._token is not None and not self._token.acquire(timeout=LOOK):
            if self._orders.stopping:
                return SlotAnswer("stopping", [], [])
        return self._transport.send(self._calls.claim())

    def _work(self, answer: SlotAnswer) -> SlotAnswer:
        jobs = answer.jobs
        if batch := self._executor.batch_of(jobs[0]):
            return self._work_together([*jobs, *self._more(answer, batch)])
        outcome = self._executor.execute(jobs[0], self._calls)
        failpoint("slot.ran")
        self._after(1)
        return self._settled(settle_call(self._calls, outcome, self._want))

    def _work_together(self, jobs: Sequence[Leased]) -> SlotAnswer:
        """Those that are done are said to be before those that failed: each call is whole in itself."""
        outcomes = self._batches.execute(jobs, self._calls)
        failpoint("slot.ran")
        self._after(len(jobs))
        done = [one for one in outcomes if isinstance(one, Done)]
        failed = [one for one in outcomes if isinstance(one, Failed)]
        *calls, last = [
            *(partial(self._calls.complete, done[at : at + CARRIED]) for at in range(0, len(done), CARRIED)),
            *(partial(self._calls.fail, failed[at : at + CARRIED]) for at in range(0, len(failed), CARRIED)),
        ]
        for call in calls:
            self._settled(call(0))
        return self._settled(last(self._want))

    def _more(self, answer: SlotAnswer, batch: Batch) -> list[Leased]:
        """More jobs for a batch that is not full, for as long as its step waits for them."""
        found: list[Leased] = []
        give_up = time.monotonic() + batch.max_wait_ms / 1000
        more = answer.jobs if len(answer.jobs) >= MOST_IN_ONE_CALL else []
        while answer.part and (left := batch.max_size - len(answer.jobs) - len(found)) > 0:
            wait = give_up - time.monotonic()
            if self._orders.stopping or (wait <= 0 and not more):
                break
            if not more:
                time.sleep(min(wait, MORE_LOOK))  # the lane's hint is not for this: it tells of other jobs too
            more = self._transport.send(self._calls.claim_more(answer.part, left)).jobs
            found += more
        return found

    def _settled(self, call: Call[SlotAnswer]) -> SlotAnswer:
        answer = self._transport.send(call)
        failpoint("slot.answered")
        return checked(answer)

    @property
    def _want(self) -> int:
        return 0 if self._orders.stopping else 1

    def _after(self, jobs: int) -> None:
        """What the supervisor, and the next claim, should know."""
        first, self._ended = not self._ended, self._ended + jobs
        self._asked_since = 0.0
        self._news.after(jobs)
        if first or self._executor.residents.changes != self._seen:
            self._say()

    def _say(self) -> None:
        """What the slot serves from now on: whether it is unused, what it has loaded, who is beside it on its card."""
        words = [word for word in self._serves if not (self._away_until and word.startswith("sibling="))]
        self._seen = self._executor.residents.changes
        words += [f"resident={name}" for name in sorted(self._executor.residents.names())]
        self._calls.serve(words if self._ended else [*words, "fresh"])

    def _leave_to_sibling(self) -> None:
        """Let the other process have the card; where it does not take it, it is not there, and is not waited for."""
        now = time.monotonic()
        self._asked_since = self._asked_since or now
        time.sleep(TO_A_SIBLING)
        if now - self._asked_since > SIBLING_PATIENCE:
            self._asked_since, self._away_until = 0.0, now + SIBLING_AWAY
            self._say()

    def _rest(self, answer: SlotAnswer) -> None:
        word = answer.word
        if self._token is not None:
            self._token.release()
        self._news.idle()
        if word in {"unknown", "unrenewed"}:
            time.sleep(NOT_ANNOUNCED)
        else:
            if word == "sibling":
                self._leave_to_sibling()
            self._transport.wait_for_hint(self._hints, rest_after(answer))
