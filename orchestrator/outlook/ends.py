"""A document that ended: where its time went, and what of it a retry would run again. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from orchestrator.outlook.graphs import Graph
from orchestrator.outlook.spans import span
from orchestrator.outlook.views import Spent, Why
from orchestrator.views import Document, StepView

Interval = tuple[float, float]


def explain_end(why: Why, found: Document, graph: Graph, head: Mapping[str, str]) -> Why:
    """Write it into the answer.

    Args:
        head: the fields of the document's state.
    """
    began, ended = _moment(found.submitted_at), _moment(found.finished_at)
    took = max(0.0, ended - began) if began and ended else 0.0
    ran = [interval for step in found.steps if (interval := _ran(step, ended))]
    why.ran = min(took, _covered(ran))
    why.waited = took - why.ran
    spent = [Spent(step.name, *_spent(step, interval)) for step in found.steps if (interval := _ran(step, ended))]
    why.spent = sorted(spent, key=lambda one: one.waited + one.ran, reverse=True)
    why.retries = {} if found.status == "succeeded" else graph.revived(head)
    why.says = _says(why, found, took)
    return why


def _says(why: Why, found: Document, took: float) -> str:
    if found.error and found.status != "cancelled":
        said = f"{found.status} after {span(took)}: {found.error}"
    else:
        said = f"{found.status} after {span(took)}"
    if why.spent:
        said += f"; for {span(why.ran or 0.0)} of it some step ran, for {span(why.waited or 0.0)} it waited"
    return said


def _ran(step: StepView, ended: float | None) -> Interval | None:
    """When it ran: of a fan-out, from its first item's start, as far as that is known, to its end."""
    start = _moment(step.started_at) or (_moment(step.ready_at) if step.total is not None else None)
    end = _moment(step.finished_at) or ended
    return (start, max(start, end)) if start and end else None


def _spent(step: StepView, ran: Interval) -> Interval:
    ready = _moment(step.ready_at) or ran[0]
    return max(0.0, ran[0] - ready), ran[1] - ran[0]


def _covered(intervals: Iterable[Interval]) -> float:
    """How long at least one of them was."""
    covered, reached = 0.0, 0.0
    for start, end in sorted(intervals):
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def _moment(text: str | None) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None
