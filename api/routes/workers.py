"""`/v1/workers` and `/v1/models`: who works, and what is loaded where."""

from collections.abc import Iterable, Sequence

from fastapi import APIRouter, Response

from api.known import KnownRoute
from api.openapi import PROBLEM, answer
from api.parts import TheMill, as_json
from api.problems import Problem, missing_as
from api.schemas import WorkerList
from api.wire.models import Loaded, ModelList, ModelOut
from orchestrator.client import Mill
from orchestrator.errors import NotFound
from orchestrator.models import ModelInfo, catalogue
from orchestrator.registry import Registry
from orchestrator.worker_views import WorkerView
from orchestrator.workforce import read_workforce

router = APIRouter(prefix="/v1", tags=["operation"], responses=PROBLEM, route_class=KnownRoute)


@router.get("/workers", responses={200: answer("WorkerList", "The workers.")})
async def workers(mill: TheMill) -> Response:
    """The workers of the last hour, their slots, and the jobs that these hold, with ages and limits in seconds."""
    return as_json(WorkerList(await _workers(mill)))


@router.get("/workers/{worker}", responses={200: answer("WorkerView", "The worker.")})
async def one(worker: str, mill: TheMill) -> Response:
    """One worker, of the last hour."""
    return as_json(await _worker(mill, worker))


@router.post("/workers/{worker}/drain", status_code=202, responses={202: answer("WorkerView", "It was asked.")})
async def drain(worker: str, mill: TheMill) -> Response:
    """Ask a worker to end: it takes no new jobs, finishes what runs within its own time to drain, and goes."""
    with missing_as("unknown-worker"):
        word = await mill.drain(worker)
    if word == "ended":
        raise Problem("already-ended", f"worker {worker} has ended: there is nothing left to drain")
    return as_json(await _worker(mill, worker), 202)


@router.get("/models", responses={200: answer("ModelList", "The models.")})
async def models(mill: TheMill) -> Response:
    """The models that the catalogue has or a worker has loaded: where each is, and which steps need it."""
    known = {model.name: model for model in catalogue()}
    loaded = _loaded(one for one in await _workers(mill) if one.state != "ended")
    needed = _needed(mill.registry)
    names = sorted(known.keys() | loaded.keys() | needed.keys())
    return as_json(
        ModelList([_model(name, known.get(name), needed.get(name, []), loaded.get(name, [])) for name in names])
    )


async def _workers(mill: Mill) -> list[WorkerView]:
    return (await read_workforce(mill.transport, mill.settings.lease)).workers


async def _worker(mill: Mill, worker: str) -> WorkerView:
    with missing_as("unknown-worker"):
        for one in await _workers(mill):
            if one.id == worker:
                return one
        raise NotFound(f"there is no worker {worker}: none of that id was heard of in the last hour")


def _loaded(workers: Iterable[WorkerView]) -> dict[str, list[Loaded]]:
    found: dict[str, list[Loaded]] = {}
    for worker in workers:
        for slot in worker.slots:
            for model in slot.models:
                place = Loaded(worker.id, slot.name, slot.card, model.bytes, model.pinned, model.loads, model.idle)
                found.setdefault(model.name, []).append(place)
    return found


def _needed(registry: Registry) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pipeline in map(registry.named, registry.names):
        for name, call in pipeline.calls.items():
            if call.step.model is not None:
                found.setdefault(call.step.model, []).append(f"{pipeline.name}/{name}")
    return found


def _model(name: str, known: ModelInfo | None, steps: Sequence[str], loaded: Sequence[Loaded]) -> ModelOut:
    info = known or ModelInfo(name, lambda _: None)
    told = known is not None
    return ModelOut(name, told, info.bytes, info.runtime, info.pin, info.preload, [*steps], [*loaded])
