"""Which call ends a job."""

from orchestrator.calls import Call, Done, SlotAnswer, SlotCalls
from worker.executor import Outcome


def settle_call(calls: SlotCalls, outcome: Outcome, want: int) -> Call[SlotAnswer]:
    """The call that ends one job with its outcome and claims `want` more."""
    return calls.complete([outcome], want) if isinstance(outcome, Done) else calls.fail([outcome], want)
