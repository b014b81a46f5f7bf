"""One typed method a script: it builds the call and reads the answer, and does no I/O of its own.

A transport of `orchestrator.connection` sends what is built here; nothing else changes state.
"""

from orchestrator.calls.base import Call
from orchestrator.calls.documents import DocumentCalls
from orchestrator.calls.duties import DutyCalls
from orchestrator.calls.ends import Done, Failed
from orchestrator.calls.leased import Leased, Origin
from orchestrator.calls.measures import MeasureCalls
from orchestrator.calls.slot import SlotAnswer, SlotCalls
from orchestrator.calls.supervision import Held, Renewal, SlotRenewal, SupervisionCalls

__all__ = [
    "Call",
    "DocumentCalls",
    "Done",
    "DutyCalls",
    "Failed",
    "Held",
    "Leased",
    "MeasureCalls",
    "Origin",
    "Renewal",
    "SlotAnswer",
    "SlotCalls",
    "SlotRenewal",
    "SupervisionCalls",
]
