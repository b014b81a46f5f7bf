"""What a slot is given: nothing too early, nothing paused, nothing above a limit, and the right inputs."""

import json
from typing import TYPE_CHECKING, Any

from orchestrator.calls import Leased
from orchestrator.graph.nodes import Call
from orchestrator.states import JobState

if TYPE_CHECKING:
    from tests.properties.world import World


def check_lease(world: "World", job: Leased) -> None:
    """A job that was just given out."""
    assert world.story.job(job.job) is JobState.LEASED, f"{job.job} was given out, and is {world.story.job(job.job)}"
    limit = world.limit_of(job.document, job.step)
    world.ledger.lease(job, limit[0] if limit else "")
    if limit is not None:
        holders = world.ledger.holders(limit[0])
        assert len(holders) <= limit[1], f"limit {limit}: {holders}"
    if job.document not in world.known.documents:
        return
    _check_paused(world, job)
    _check_attempt(world, job)
    _check_checkpoint(world, job)
    call = world.pipeline_of(job.document).calls[job.step]
    head = world.engine.head(job.document)
    for upstream in call.upstream:
        _check_upstream(world, job, upstream, call, head)
    _check_needs(world, job, head)


def _check_paused(world: "World", job: Leased) -> None:
    who = world.known.documents[job.document]
    lane = world.lane_of(job.document, job.step)
    held = {("lane", lane), ("pipeline", who.pipeline.name), ("tenant", who.tenant)} & world.paused
    assert not held, f"{job.job} was given out, though {held} is paused"


def _check_attempt(world: "World", job: Leased) -> None:
    retries = world.pipeline_of(job.document).calls[job.step].step.retry.retries
    assert job.attempt <= retries + 1, f"{job.job}: attempt {job.attempt} of {retries + 1}"


def _check_checkpoint(world: "World", job: Leased) -> None:
    life, value = world.ledger.checkpoints.get(job.job, (-1, b""))
    if life == world.story.lives.get(job.document, 0):
        call = world.engine.documents.checkpoint(job.document, job.step, job.index)
        assert world.engine.transport.send(call) == value, f"{job.job}: its checkpoint is gone"


def _check_upstream(world: "World", job: Leased, upstream: str, call: Call, head: dict[str, str]) -> None:
    state = head[f"{upstream}.state"]
    if upstream != call.over:
        assert state in {"done", "skipped", "failed"}, f"{job.job} was given out, and {upstream} is {state}"
        return
    assert job.item is not None and job.index is not None
    name = f"{job.document}/{upstream}"
    mapped = world.pipeline_of(job.document).calls[upstream].over is not None
    wanted = world.ledger.value(f"{name}[{job.index}]") if mapped else world.ledger.value(name)[job.index]
    assert json.loads(job.item) == wanted, f"{job.job} was given {job.item!r}"


def _check_needs(world: "World", job: Leased, head: dict[str, str]) -> None:
    fields = [field for field in world.pipeline_of(job.document).plan.get(f"needs:{job.step}", "").split(",") if field]
    for field, given in zip(fields, job.needs, strict=True):
        wanted: Any = None
        if field == "input":
            wanted = world.known.documents[job.document].given
        elif head[f"{field}.state"] == "done":
            wanted = world.ledger.value(f"{job.document}/{field}")
        assert (None if given is None else json.loads(given)) == wanted, f"{job.job}: {field} is {given!r}"
