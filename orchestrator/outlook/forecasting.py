"""Until about when each step of a document starts and ends: from what stands before it, and what was measured. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrator.outlook.ahead import Ahead
from orchestrator.outlook.estimating import Load, until_turn
from orchestrator.outlook.graphs import Graph
from orchestrator.outlook.looking import Crew, basis_of, load_of, measured_words, turn_of
from orchestrator.outlook.paces import Paces
from orchestrator.outlook.runs import Runs, Spread
from orchestrator.outlook.spans import NOW, Range, span
from orchestrator.outlook.standing import Standing
from orchestrator.outlook.views import StepWhy
from orchestrator.states import FINAL_JOB
from orchestrator.views import Document, StepView


@dataclass(frozen=True)
class Scene:
    """All that is known of a document that has not ended.

    Args:
        now: the server's clock, seconds.
        ages: seconds that a step has run, by step; those that a slot runs, none of a fan-out's.
        crews: by lane. ahead, standings: by step.
    """

    document: Document
    graph: Graph
    paces: Paces
    now: float
    ages: Mapping[str, float]
    crews: Mapping[str, Crew]
    ahead: Mapping[str, Ahead]
    standings: Mapping[str, Standing] = field(default_factory=dict[str, Standing])


def forecast(scene: Scene) -> dict[str, StepWhy]:
    """The steps that have not ended, in order, with their estimates; what they say is written later."""
    found: dict[str, StepWhy] = {}
    for step in scene.document.steps:
        if step.state not in FINAL_JOB:
            found[step.name] = _forecast(step, scene, found)
    return found


def _forecast(step: StepView, scene: Scene, before: Mapping[str, StepWhy]) -> StepWhy:
    why = StepWhy(step.name, step.state, step.lane, "")
    if step.name in scene.ages:
        _of_running(why, scene)
        return why
    ahead, crew = scene.ahead[step.name], scene.crews[step.lane]
    standing = scene.standings.get(step.name, Standing())
    why.slots, why.held = crew.slots, sorted(standing.held)
    if standing.score is not None and not why.held:
        why.ahead, why.at_least = ahead.jobs, ahead.at_least
    turn = turn_of(ahead, crew)
    why.basis = basis_of(ahead, crew)
    why.starts = _after(_earliest(step, scene, standing, before), turn)
    if why.starts is None and crew.slots and turn is not None:
        why.basis = "it waits for a step of which nobody can say when it ends"
    _end(why, step, scene)
    return why


def _of_running(why: StepWhy, scene: Scene) -> None:
    runs, age = scene.paces.of(scene.document.pipeline, why.name), scene.ages[why.name]
    why.starts = NOW
    why.ends = runs and runs.left(age)
    if runs is None:
        why.basis = f"no run of {why.name} measured yet"
    elif why.ends is None:
        why.basis = f"it has run for {span(age)}, longer than any run {measured_words([runs])}"
    else:
        why.basis = f"it has run for {span(age)}; {span(runs.mean)} a run {measured_words([runs])}"


def _earliest(step: StepView, scene: Scene, standing: Standing, before: Mapping[str, StepWhy]) -> Range | None:
    """From when on it may start, its turn apart."""
    if standing.due is not None:
        due = max(0.0, standing.due - scene.now)
        return Range(due, due, due)
    earliest: Range | None = NOW
    for name in scene.graph.inputs.get(step.name, ()) if step.state == "waiting" else ():
        if name in before:
            earliest = _after(earliest, before[name].ends)
    return earliest


def _end(why: StepWhy, step: StepView, scene: Scene) -> None:
    runs = scene.paces.of(scene.document.pipeline, step.name)
    if runs is None:
        if why.starts is not None and f"no run of {step.name}" not in why.basis:
            why.basis += f", no run of {step.name} measured yet"
        return
    if scene.ahead[step.name].spread is None and why.starts is not None:
        why.basis += f", {span(runs.mean)} a run {measured_words([runs])}"
    left, items = runs.left(), _items_left(step, scene)
    if why.starts is None or left is None:
        return
    last = _turn_of_last(items - 1, runs, scene.ahead[step.name], scene.crews[step.lane])
    why.ends = why.starts.later(last or NOW).then(left)


def _turn_of_last(items: int, runs: Runs, ahead: Ahead, crew: Crew) -> Range | None:
    """Until the last item of a fan-out is taken, with so many of it before; None where there is but one."""
    own = Spread.of([(1.0, runs)])
    if items < 1 or own is None:
        return None
    load = load_of(ahead, crew) or Load(0, crew.busy, crew.slots, own)
    return until_turn(load.more(items, own))


def _items_left(step: StepView, scene: Scene) -> int:
    """Jobs that it has still to give out and run: 1, or of a fan-out its items."""
    if scene.graph.over(step.name) is None:
        return 1
    if step.total is not None and step.state != "waiting":
        return max(1, step.total - (step.done or 0) - step.failed)
    return max(1, math.ceil(scene.paces.times(scene.graph, scene.document.pipeline, step.name)))


def _after(one: Range | None, other: Range | None) -> Range | None:
    return one.later(other) if one is not None and other is not None else None
