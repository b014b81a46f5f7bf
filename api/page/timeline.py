"""A document's steps as rows of a time line: waiting, running, each attempt and each page with a bar of its own. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.page.spans import Axis, Span, ends_of_attempts, ends_of_items, moment, path_of
from orchestrator.overview.tracing import Fan, ItemRun, Trace
from orchestrator.overview.wording import lasting
from orchestrator.views import StepView

ROW, HIGHEST = 12.0, 480.0
"""Pixels: of a row, and of all the rows of a step's items together."""
FEW = 60
"""Items up to which each bar tells of itself."""
WAITS = frozenset({"ready", "delayed", "held"})
KINDS = ("wait", "bad", "run", "running")


@dataclass(frozen=True)
class Line:
    """A step.

    Args:
        state: its own; of a fan-out of which items run, `leased`.
        height: pixels. row: of one bar.
        paths: kind -> all its bars as one path, where they are many; `spans`: else each.
        says: all of it, for who does not see it.
    """

    step: StepView
    state: str
    height: float
    row: float
    spans: list[Span]
    paths: dict[str, str]
    says: str


def axis_of(trace: Trace) -> Axis:
    """From its submission to its end, or to now."""
    start = moment(trace.document.submitted_at) or trace.now
    return Axis(start, max(moment(trace.document.finished_at) or trace.now, start + 0.001))


def lines_of(trace: Trace) -> list[Line]:
    """One of each step."""
    axis = axis_of(trace)
    return [_line(step, trace, axis) for step in trace.document.steps]


def _line(step: StepView, trace: Trace, axis: Axis) -> Line:
    fan = trace.fans.get(step.name)
    size = step.total or 0
    if fan is None or not size:
        spans = [*_of_plain(step, trace, axis)]
        rows = max((span.row for span in spans), default=0) + 1
        return Line(step, step.state, rows * ROW, ROW, spans, {}, _told(step))
    row = min(ROW, HIGHEST / size)
    spans = [*_of_items(step, fan, trace, axis, size)]
    state = state_of(step, trace)
    if size <= FEW:
        return Line(step, state, size * row, row, spans, {}, _told(step))
    paths = {kind: path_of([span for span in spans if span.kind == kind], row) for kind in KINDS}
    return Line(step, state, size * row, row, [], {kind: path for kind, path in paths.items() if path}, _told(step))


def state_of(step: StepView, trace: Trace) -> str:
    """Its state; a fan-out is called after its items, where some of them run."""
    fan = trace.fans.get(step.name)
    runs = fan is not None and any(run.word == "leased" for run in fan.others)
    return "leased" if runs and step.state == "ready" else step.state


def _of_plain(step: StepView, trace: Trace, axis: Axis) -> Iterator[Span]:
    started, ended = moment(step.started_at), moment(step.finished_at)
    begin, row, waits = _ready(step, trace), 0, step.state in WAITS
    if begin is None:
        return
    for end, told in ends_of_attempts(trace.document.log, f"{trace.document.id}/{step.name}"):
        if end > begin and (waits or started is None or end <= started):
            yield axis.span("wait", begin, end, row, f"attempt {row + 1} waited, and began at a time that is not kept")
            yield axis.span("bad", end, end, row, f"attempt {row + 1}, {told}")
            begin, row = end, row + 1
    now = moment(trace.document.finished_at) or trace.now
    if waits or started is None:
        yield axis.span("wait", begin, now, row, f"waits for {lasting(now - begin)}")
        return
    if started > begin:
        yield axis.span("wait", begin, started, row, f"waited {lasting(started - begin)}")
    yield _run(step.state, axis, started, ended or now, row)


def _ready(step: StepView, trace: Trace) -> float | None:
    """When it was ready first: a later try has a later time, so it is told by what it waited for."""
    if step.ready_at is None and step.started_at is None:
        return None
    inputs = trace.graph.inputs.get(step.name, ())
    ends = [moment(one.finished_at) for one in trace.document.steps if one.name in inputs]
    known = [end for end in ends if end is not None]
    first = max(known) if known else moment(trace.document.submitted_at)
    last = moment(step.ready_at) or moment(step.started_at)
    return min(filter(None, (first, last)), default=None)


def _run(state: str, axis: Axis, started: float, end: float, row: int) -> Span:
    kind = "running" if state == "leased" else "bad" if state == "failed" else "run"
    word = "runs for" if kind == "running" else "failed after" if kind == "bad" else "ran"
    return axis.span(kind, started, end, row, f"{word} {lasting(end - started)}")


def _of_items(step: StepView, fan: Fan, trace: Trace, axis: Axis, size: int) -> Iterator[Span]:
    ready, now = moment(step.ready_at), moment(trace.document.finished_at) or trace.now
    runs = {run.index: run for run in [*fan.ran, *fan.others]}
    for index in range(size):
        run, told = runs.get(index), f"{step.name}[{index}]"
        if ready is not None and step.state != "waiting":
            until = run.started if run else now
            yield axis.span(
                "wait", ready, until, index, f"{told} {'waited' if run else 'waits for'} {lasting(until - ready)}"
            )
        if run is not None:
            yield _of_run(run, axis, now, told, fan)
    for end, index, told in ends_of_items(trace.document.log, f"{trace.document.id}/{step.name}"):
        yield axis.span("bad", end, end, index, f"{step.name}[{index}], {told}")


def _of_run(run: ItemRun, axis: Axis, now: float, told: str, fan: Fan) -> Span:
    end = run.ended or now
    tries = f", delivery {run.deliveries}" if run.deliveries > 1 else ""
    if run.word == "leased":
        return axis.span("running", run.started, end, run.index, f"{told} runs for {lasting(end - run.started)}{tries}")
    if run.word == "done":
        return axis.span("run", run.started, end, run.index, f"{told} ran {lasting(end - run.started)}{tries}")
    why = fan.errors.get(run.index, "runs again")
    return axis.span("bad", run.started, run.started, run.index, f"{told}: {why}{tries}")


def _told(step: StepView) -> str:
    ready, started = moment(step.ready_at), moment(step.started_at)
    ended = moment(step.finished_at)
    words: Sequence[str] = [
        f"{step.name}: {step.state}",
        f"{step.done or 0} of {step.total} items done" if step.total else "",
        f"waited {lasting(started - ready)}" if started and ready and started > ready else "",
        f"ran {lasting(ended - started)}" if ended and started else "",
    ]
    return ", ".join(filter(None, words))
