"""What the span of a run says, whoever tells it: the slot, or the supervisor of one that was killed."""

from orchestrator.tracing.spans import Value


def attributes(job: str, pipeline: str, slot: str) -> dict[str, Value]:
    """What a span says of any run."""
    document, _, step = job.partition("/")
    step, bracket, item = step.partition("[")
    told: dict[str, Value] = {
        "docmill.document": document, "docmill.step": step, "docmill.pipeline": pipeline,
        "docmill.worker": slot.partition("/")[0], "docmill.slot": slot,
    }  # fmt: skip
    return told | ({"docmill.item": int(item[:-1])} if bracket else {})
