"""A document's page: its parts, made of one look at it."""

from collections.abc import Mapping

from markupsafe import Markup

from api.page.rendering import render
from api.page.timeline import axis_of, lines_of, state_of
from api.page.viewer import Viewer
from orchestrator.graph.drawing import Box, draw_boxes
from orchestrator.outlook.views import Why
from orchestrator.overview.tracing import Trace
from orchestrator.views import StepView


def parts_of(trace: Trace, why: Why | None, viewer: Viewer) -> Mapping[str, str]:
    """The parts that change while it runs."""
    facts = {
        "document": trace.document,
        "now": trace.now,
        "why": why,
        "viewer": viewer,
        "picture": Markup(_picture(trace)),
        "axis": axis_of(trace),
        "lines": lines_of(trace),
        "errors": {name: fan.errors for name, fan in trace.fans.items() if fan.errors},
    }
    return {name: render(f"document/{name}.html", **facts) for name in ("head", "graph", "timeline", "trouble")}


def _picture(trace: Trace) -> str:
    """Its graph, each step in the colour of its state; what is drawn is escaped there."""
    graph, steps = trace.graph, trace.document.steps
    boxes = [
        Box(
            _titled(step),
            [_named(before, trace) for before in graph.inputs.get(step.name, ())],
            state_of(step, trace),
            f"{step.name}, lane {step.lane}: {state_of(step, trace)}",
            f"{state_of(step, trace)}{' fan' if graph.over(step.name) else ''}",
            f"#step-{step.name}",
        )
        for step in steps
    ]
    return draw_boxes(f"The steps of {trace.document.id}", boxes)


def _named(step: str, trace: Trace) -> str:
    return next(_titled(one) for one in trace.document.steps if one.name == step)


def _titled(step: StepView) -> str:
    return f"{step.name} {step.done or 0}/{step.total}" if step.total else step.name
