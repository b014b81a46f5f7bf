"""What a slot sends: which call ends a job, what its answer must be, and how often an idle one asks."""

import sys

from orchestrator.calls import Call, Done, SlotAnswer, SlotCalls
from worker.running.executor import Outcome

IDLE_CLAIM = 1.0
"""Seconds: an idle process claims at least so often, hint or no hint, and at most so often without one."""
SHORTEST_REST = 0.005
"""Seconds: a hint that is waited for for less is not waited for at all."""
NOT_ANNOUNCED = 0.1
"""Seconds before a slot asks again whether the supervisor has announced it."""


def settle_call(calls: SlotCalls, outcome: Outcome, want: int) -> Call[SlotAnswer]:
    """The call that ends one job with its outcome and claims `want` more."""
    return calls.complete([outcome], want) if isinstance(outcome, Done) else calls.fail([outcome], want)


def checked(answer: SlotAnswer) -> SlotAnswer:
    """The answer, if it judged the job.

    Raises:
        SystemExit: the call was refused as an old one, so the job is still held: the process ends, and the supervisor
            gives the job back.
    """
    if answer.word == "old":
        sys.exit("a later call of this slot was made before: its job goes back")
    return answer


def rest_after(answer: SlotAnswer) -> float:
    """Seconds that an idle slot waits for a hint: no longer than until a lane that is paced may give a job."""
    return min(IDLE_CLAIM, max(answer.wait, SHORTEST_REST)) if answer.word == "paced" else IDLE_CLAIM
