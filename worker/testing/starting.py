"""Starting a real worker for the pipelines of a test."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from orchestrator.graph import Pipeline
from orchestrator.lanes import known_lane
from worker.testing.inside import VARIABLE, Told
from worker.testing.places import import_path, place_of
from worker.testing.settings import environment
from worker.testing.workers import Worker


@contextmanager
def running_worker(
    url: str, folder: Path, pipelines: Iterable[Pipeline], faults: Path, settings: Mapping[str, Any]
) -> Generator[Worker]:
    """A worker for as long as the block lasts; at its end it is killed.

    Args:
        folder: the data folder.
        faults: where faults lie.
        settings: of the worker, by the names of `Settings`.

    Raises:
        UsageError: a pipeline cannot be imported by another process.
    """
    known = list(pipelines)
    places = {one.name: place_of(one) for one in known}
    told = Told(str(faults), {name: (place.module, place.attribute) for name, place in places.items()})
    named = ",".join(f"worker.testing.inside:{name}" for name in places)
    given = {"slots": usual_slots(known), "standby": 0, **settings}
    given |= {"redis_url": url, "data_dir": folder, "pipelines": named}
    own = {VARIABLE: msgspec.json.encode(told).decode(), "PYTHONPATH": import_path([p.folder for p in places.values()])}
    worker = Worker({**environment(given), **own})
    try:
        yield worker
    finally:
        worker.end()


def usual_slots(pipelines: Iterable[Pipeline]) -> str:
    """One slot for each lane that they name; two where it is shared."""
    steps = [call.step for one in pipelines for call in one.calls.values()]
    finishing = [call.step for one in pipelines if one.on_finish for call in one.on_finish.calls.values()]
    lanes = dict.fromkeys(step.lane for step in [*steps, *finishing])
    return " ".join(f"{lane}*{2 if known_lane(lane).shared else 1}" for lane in lanes)
