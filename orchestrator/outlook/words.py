"""What the steps of a document do or wait for, and until about when it ends, in words. Pure."""

from collections.abc import Mapping

from orchestrator.outlook.forecasting import Scene
from orchestrator.outlook.spans import NOW, span, within
from orchestrator.outlook.views import StepWhy, Why
from orchestrator.views import StepView

TURN = "its turn"
"""What `reasons` says where nothing but others before it keeps a job from running."""
PAUSABLE = {"lane", "pipeline", "tenant"}
FREEING = {
    "limit": "a slot takes it when a job of that limit ends",
    "rate": "the lane starts no more than so many in so long",
    "ahead": "it goes on when the step that it feeds has caught up",
    "started": "it goes on when a document of the pipeline ends",
}
"""What frees a held job, by the kind of the reason."""


def tell(why: Why, scene: Scene, steps: Mapping[str, StepWhy]) -> Why:
    """Put it into words; a document ends when the last of its steps does."""
    views = {step.name: step for step in scene.document.steps}
    for name, step in steps.items():
        step.if_freed = bool(step.held) or (step.name not in scene.ages and _held_back(views[name]))
        step.says = _says(step, views[name], scene, steps)
    why.steps = list(steps.values())
    why.basis = next((f"{step.name}: {step.basis}" for step in why.steps if step.ends is None), "")
    blocked = next((step for step in why.steps if step.if_freed), None)
    if not why.basis and blocked is None:
        why.ends = NOW
        for step in why.steps:
            why.ends = why.ends.later(step.ends or NOW)
        why.basis = _weightiest(why.steps).basis
    elif blocked is not None:
        why.basis = f"it depends on step {blocked.name}, and nobody can say for how long that is kept back"
    why.says = _verdict(why)
    return why


def _verdict(why: Why) -> str:
    active = [step for step in why.steps if step.state != "waiting"] or why.steps
    said = "; ".join(f"{step.name} {step.says}" for step in active)
    if why.ends is not None:
        return f"{said}; the document ends {within(why.ends)}"
    return f"{said}; when the document ends cannot be said"


def _weightiest(steps: list[StepWhy]) -> StepWhy:
    """The one that is worth naming: whose own wait is the longest."""
    return max(steps, key=lambda step: (step.ahead or 0, step.starts.likely if step.starts else 0.0))


def _held_back(view: StepView) -> bool:
    return view.state in {"ready", "held"} and view.waits_for not in {None, TURN}


def _says(step: StepWhy, view: StepView, scene: Scene, steps: Mapping[str, StepWhy]) -> str:
    if step.name in scene.ages:
        left = f", ends {within(step.ends)}" if step.ends else ""
        return f"runs since {span(scene.ages[step.name])}{left}"
    if step.state == "waiting":
        return f"waits for {', '.join(name for name in scene.graph.inputs.get(step.name, ()) if name in steps)}"
    return _of_items(view) + _waits(step, view, scene) + _until(step)


def _of_items(view: StepView) -> str:
    if view.done is None or not view.total:
        return ""
    return f"has {view.done} of {view.total} items done" + (f", {view.failed} failed" if view.failed else "") + ", "


def _waits(step: StepWhy, view: StepView, scene: Scene) -> str:
    standing = scene.standings.get(step.name)
    if standing and standing.held:
        return "; ".join(_of_reason(what, rank, count) for what, (rank, count) in sorted(standing.held.items()))
    if standing and standing.due is not None:
        again = f"its next try, after: {view.error}" if view.error else "its time"
        return f"waits for {again}"
    if _held_back(view):
        return f"waits for {view.waits_for}" + _resuming(*(view.waits_for or "").partition(",")[0].split(" ")[:2])
    return f"waits for its turn in lane {step.lane}" + _behind(step)


def _behind(step: StepWhy) -> str:
    if not step.ahead:
        return "" if step.ahead is None else ", nothing before it"
    return f", {'at least ' if step.at_least else ''}{step.ahead} {'job' if step.ahead == 1 else 'jobs'} before it"


def _of_reason(what: str, rank: int, count: int) -> str:
    kind, _, name = what.partition(":")
    if kind in PAUSABLE:
        return f"waits for {kind} {name}, which is paused" + _resuming(kind, name)
    freed = f"; {FREEING[kind]}" if kind in FREEING else ""
    return f"is held by {what}, {rank} of {count} before it{freed}"


def _resuming(kind: str, name: str = "") -> str:
    return f" (go on: docmill resume {kind} {name})" if kind in PAUSABLE else ""


def _until(step: StepWhy) -> str:
    if step.starts is None:
        return ""
    return f", then starts {within(step.starts)}" if step.if_freed else f", starts {within(step.starts)}"
