"""Figures of one moment, made up; and what Prometheus reads of an exposition."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from orchestrator.outlook.figures import Figures
from orchestrator.outlook.views import LaneFigures
from orchestrator.snapshot import Snapshot
from orchestrator.workforce import Workforce


def figures(stats: Mapping[str, int] | None = None, *lanes: LaneFigures, **more: Any) -> Figures:
    """With these counters and lanes, and nobody who works."""
    snapshot = Snapshot(stats or {}, leases=more.pop("leases", 0), delayed=more.pop("delayed", 0))
    given: dict[str, Any] = {"documents": {}, "held": {}, "overdue": 0.0, **more}
    return Figures(Workforce([], [], snapshot), list(lanes), **given)


def lane(name: str, **more: Any) -> LaneFigures:
    """A lane of which nothing else is known."""
    told: dict[str, Any] = dict.fromkeys(LaneFigures.__struct_fields__)
    told |= dict.fromkeys(("ready", "runs", "leased", "slots", "busy"), 0)
    told |= {"by_priority": [0] * 10, "oldest": [None] * 10, "paused": False, "basis": ""}
    return msgspec.convert({**told, "name": name, **more}, LaneFigures)


def scraped(text: bytes | str) -> dict[str, Metric]:
    """Families by name, as Prometheus reads them."""
    told = text.decode() if isinstance(text, bytes) else text
    return {family.name: family for family in text_string_to_metric_families(told)}


def values(family: Metric, sample: str = "") -> Iterator[tuple[dict[str, str], float]]:
    """Labels and value of each sample, of those of that name where one is given."""
    return ((s.labels, s.value) for s in family.samples if not sample or s.name == sample)


def value(family: Metric, **labels: str) -> float:
    """The one sample with these labels."""
    (found,) = (s.value for s in family.samples if labels.items() <= s.labels.items())
    return found
