"""Why a job does not run: worked out when it is read, never stored."""

from collections.abc import Collection, Mapping

from orchestrator.views import Document, StepView


class Serving:
    """What the live workers serve.

    Args:
        records: the workers' records.
        now: the server's clock, seconds.
        lease: a worker silent for longer is not counted, seconds.
        facts: what is known of lanes, by lane.
        paused: `pipeline:<name>` and `tenant:<name>` that are.
    """

    def __init__(
        self,
        records: list[dict[str, str]],
        now: float,
        lease: float,
        facts: Mapping[str, Mapping[str, str]] | None = None,
        paused: Collection[str] = (),
    ) -> None:
        self.facts, self.paused, self.now = facts or {}, paused, now
        alive = [r for r in records if int(r.get("renewed", 0)) / 1000 > now - lease]
        self.lanes = {lane for record in alive for lane in record.get("lanes", "").split()}
        self.pipelines = {pipeline for record in alive for pipeline in record.get("serves", "").split()}
        self.workers = len(alive)


def explain(document: Document, serving: Serving) -> None:
    """Write into each step that is not running what it waits for."""
    for step in document.steps:
        step.waits_for = _why(step, document, serving)


def _why(step: StepView, document: Document, serving: Serving) -> str | None:
    if step.state == "delayed":
        return f"its next try at {step.ready_at}" + (f", after: {step.error}" if step.error else "")
    if step.state not in {"ready", "held"} or (step.total and step.started_at):
        return None
    return (
        _of_pause(step, document, serving)
        or _of_workers(step, document, serving)
        or _of_rest(step, serving)
        or _of_bounds(step, serving)
        or "its turn"
    )


def _of_pause(step: StepView, document: Document, serving: Serving) -> str | None:
    name = document.pipeline.partition("@")[0]
    if f"pipeline:{name}" in serving.paused:
        return f"pipeline {name}, which is paused"
    if f"tenant:{document.tenant}" in serving.paused:
        return f"tenant {document.tenant}, which is paused"
    return f"lane {step.lane}, which is paused" if "paused" in serving.facts.get(step.lane, {}) else None


def _of_workers(step: StepView, document: Document, serving: Serving) -> str | None:
    if not serving.workers:
        return "a worker: none is alive (start one with: docmill worker)"
    if step.lane not in serving.lanes:
        return f"a worker that serves lane {step.lane}: none is alive"
    if document.pipeline not in serving.pipelines:
        return f"a worker that knows {document.pipeline}: none is alive"
    return None


def _of_rest(step: StepView, serving: Serving) -> str | None:
    if int(serving.facts.get(step.lane, {}).get("resting", 0)) / 1000 <= serving.now:
        return None
    why = f": {step.error}" if step.error else ""
    return f"a service that lane {step.lane} needs and that was down just now{why}"


def _of_bounds(step: StepView, serving: Serving) -> str | None:
    if step.state == "held":
        return "others to end: only so many may run at once (docmill why says which)"
    if rate := serving.facts.get(step.lane, {}).get("rate"):
        return f"its turn: lane {step.lane} gives out {rate} jobs a second"
    return None
