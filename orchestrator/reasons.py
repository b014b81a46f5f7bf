"""Why a job does not run: worked out when it is read, never stored."""

from orchestrator.views import Document, StepView


class Serving:
    """What the live workers serve.

    Args:
        records: the workers' records.
        now: the server's clock, seconds.
        lease: a worker silent for longer is not counted, seconds.
    """

    def __init__(self, records: list[dict[str, str]], now: float, lease: float) -> None:
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
    if step.state != "ready" or (step.total and step.started_at):
        return None
    if not serving.workers:
        return "a worker: none is alive (start one with: docmill worker)"
    if step.lane not in serving.lanes:
        return f"a worker that serves lane {step.lane}: none is alive"
    if document.pipeline not in serving.pipelines:
        return f"a worker that knows {document.pipeline}: none is alive"
    return "its turn"
