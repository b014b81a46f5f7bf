"""Why a document is where it is: what it waits for, what is ahead of it, until about when; or where its time went."""

from collections.abc import Mapping
from datetime import datetime

from orchestrator.calls import DocumentCalls, MeasureCalls
from orchestrator.keys import Keys, shard_of
from orchestrator.outlook import words as why_words
from orchestrator.outlook.ahead import Place, read_ahead
from orchestrator.outlook.ends import explain_end
from orchestrator.outlook.forecasting import Scene, forecast
from orchestrator.outlook.graphs import Graph
from orchestrator.outlook.looking import crew_of, read_paces
from orchestrator.outlook.meeting import score_of
from orchestrator.outlook.standing import Standing, Wanted, read_standings
from orchestrator.outlook.views import Why
from orchestrator.reading import Reading
from orchestrator.states import FINAL_JOB
from orchestrator.views import Document, StepView, iso
from orchestrator.workforce import Workforce, read_workforce

PIPELINE = "@"
"""What a class has that is named after a pipeline which some slots do not know."""


async def read_why(mill: Reading, document: str) -> Why:
    """Why this document is where it is.

    Raises:
        NotFound: no such document, or it was purged.
    """
    found = await mill.get(document)
    calls = DocumentCalls(Keys(shard_of(document)))
    head, plan, now = await mill.transport.send_all([calls.head(document), calls.plan(found.pipeline), calls.time()])
    why = Why(found.id, found.status, found.pipeline, iso(str(int(now * 1000))) or "", "", error=found.error)
    why.log = found.log
    if found.is_final:
        return explain_end(why, found, Graph(plan), head)
    return await _explain_pending(why, mill, found, Graph(plan), head)


async def _explain_pending(why: Why, mill: Reading, found: Document, graph: Graph, head: Mapping[str, str]) -> Why:
    transport, calls = mill.transport, MeasureCalls(Keys(shard_of(found.id)))
    workforce = await read_workforce(transport, mill.settings.lease)
    paces = await read_paces(transport, workforce.snapshot)
    open_steps = [step for step in found.steps if step.state not in FINAL_JOB]
    wanted = [
        Wanted(f"{found.id}/{step.name}", _parts(workforce, step.lane), step.state == "held" or step.total is not None)
        for step in open_steps
        if step.state in {"ready", "delayed", "held"}
    ]
    by_job = await read_standings(transport, calls, wanted)
    standings = {job.partition("/")[2]: standing for job, standing in by_job.items()}
    score = score_of(int(head["priority"]), float(head["place"]))
    places = [_place(found.id, step, score, standings, workforce) for step in open_steps]
    ahead = await read_ahead(transport, calls, paces, places)
    scene = Scene(
        found,
        graph,
        paces,
        workforce.snapshot.now,
        {step.name: _age(step, workforce.snapshot.now) for step in open_steps if step.state == "leased"},
        {step.lane: crew_of(workforce, step.lane, found.pipeline) for step in open_steps},
        {step.name: one for step, one in zip(open_steps, ahead, strict=True)},
        standings,
    )
    return why_words.tell(why, scene, forecast(scene))


def _place(
    document: str, step: StepView, score: float, standings: Mapping[str, Standing], workforce: Workforce
) -> Place:
    """Where it stands; what is in no lane yet will stand at its document's place."""
    standing = standings.get(step.name, Standing())
    own = score if standing.score is None else standing.score
    parts, running = _parts(workforce, step.lane), crew_of(workforce, step.lane).running
    return Place(step.lane, parts, own, running, f"{document}/{step.name}", standing.part)


def _parts(workforce: Workforce, lane: str) -> list[str]:
    """The lane and its classes; without jobs of pipelines that no live worker knows: nobody will take those before it."""
    if lane not in workforce.snapshot.lanes:
        return [lane]
    served = {pipeline for worker in workforce.workers if worker.state == "alive" for pipeline in worker.serves}
    return [part for part in workforce.snapshot.parts_of(lane) if _pipeline_of(part) in {"", *served}]


def _pipeline_of(part: str) -> str:
    """Of a class that jobs of one pipeline were set aside to."""
    named = part.partition(":")[2].partition("!")[0]
    return named if PIPELINE in named and "=" not in named else ""


def _age(step: StepView, now: float) -> float:
    return max(0.0, now - datetime.fromisoformat(step.started_at).timestamp()) if step.started_at else 0.0
