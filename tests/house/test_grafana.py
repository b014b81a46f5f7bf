"""The dashboard asks for metrics that there are."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from orchestrator.metrics.exposing import families
from orchestrator.snapshot import Snapshot

GRAFANA = Path(__file__).resolve().parents[2] / "grafana"
PANELS: list[Any] = [panel for path in GRAFANA.glob("*.json") for panel in json.loads(path.read_text())["panels"]]
SUFFIXES = ("_bucket", "_total", "_count", "_sum")


def declared(snapshot: Snapshot) -> set[str]:
    """The names of all families."""
    return {family.name for family in families(snapshot)}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_every_metric_of_a_panel_is_declared(panel: Any) -> None:
    names = {name for target in panel["targets"] for name in re.findall(r"docmill_\w+", target["expr"])}
    assert names
    known = declared(Snapshot({}))
    assert {
        name for name in names if name not in known and not any(name.removesuffix(s) in known for s in SUFFIXES)
    } == set()


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_every_panel_says_what_it_shows_and_in_which_unit(panel: Any) -> None:
    assert panel["description"]
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert all("max without (instance)" in target["expr"] for target in panel["targets"])


def test_panels_do_not_overlap() -> None:
    cells = [(x, y) for p in PANELS for x in range(p["gridPos"]["x"], p["gridPos"]["x"] + p["gridPos"]["w"])
             for y in range(p["gridPos"]["y"], p["gridPos"]["y"] + p["gridPos"]["h"])]  # fmt: skip
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
