"""The page on metrics names series that there are, by whole names or, after `…`, by their ends."""

import re
from pathlib import Path

from orchestrator.metrics.exposing import families
from orchestrator.metrics.of_api import ApiMetrics
from orchestrator.metrics.of_worker import WorkerMetrics
from tests.support.figures import figures

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "metrics.md").read_text()
TABLE = PAGE.partition("## What there is\n")[2].partition("\n\nNo label")[0]
COUNTED = "_total"


def exposed() -> set[str]:
    """As Prometheus names them."""
    told = [*families(figures()), *ApiMetrics().collect(), *WorkerMetrics(list).collect()]
    return {family.name + (COUNTED if family.type == "counter" else "") for family in told}


def test_every_series_of_the_table_is_there() -> None:
    names = [
        word for line in TABLE.strip().splitlines() for word in re.findall(r"`(docmill_\w+|…\w+)`", line.split("|")[1])
    ]
    known = exposed()
    assert len(names) > 40
    assert [name for name in names if not any(one.endswith(name.removeprefix("…")) for one in known)] == []


def test_every_family_of_documents_and_lanes_is_in_it() -> None:
    ends = set(re.findall(r"`(?:docmill|…)_?(\w+)`", TABLE))
    ours = {name for name in exposed() if name.startswith(("docmill_documents", "docmill_lane_", "docmill_step_"))}
    assert {name for name in ours if not any(name.endswith(end) for end in ends)} == set()
