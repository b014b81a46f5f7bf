"""Dashboards as code: what is committed is what is made, Grafana's own schema accepts it, and it says what the alerts say."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from typer.main import get_command

from grafana.source.alerts import ALERTS, BY_NAME
from grafana.source.boards import BOARDS
from grafana.source.panels import Panel
from grafana.source.recording import RECORDINGS
from grafana.source.writing import FOLDER, IDS, made
from orchestrator.cli.app import app
from orchestrator.metrics.exposing import families
from orchestrator.metrics.of_api import ApiMetrics
from orchestrator.metrics.of_worker import WorkerMetrics
from orchestrator.settings import Settings
from tests.support.figures import figures, lane

FILES = made()
DASHBOARDS = [path for path in FILES if path.endswith(".json")]
PANELS = [pytest.param(panel, id=f"{board.uid}-{panel.title}") for board in BOARDS for panel in board.panels]
OWN = (
    "docmill_http",
    "docmill_redis",
    "docmill_worker",
    "docmill_gpu_",
    "docmill_model_load",
    "docmill_model_evictions",
)
"""Of one process: summed, not taken once; but for what Redis has of cards."""
SERIES = re.compile(r"\b(?:docmill|lane:docmill|redis|vllm|DCGM|up)[\w:]*")
SUFFIXES = ("_bucket", "_total", "_count", "_sum")


def declared() -> set[str]:
    """The names of all families that docmill has."""
    found = figures({"submitted:chain:5": 1, "wait:chain:one:5:1": 1}, lane("gpu"))
    own = [*ApiMetrics().collect(), *WorkerMetrics(list).collect()]
    return {family.name for family in (*families(found), *own)}


def expressions() -> list[str]:
    """Of every panel and rule."""
    of_panels = [expression for board in BOARDS for panel in board.panels for expression, _ in panel.queries]
    return [*of_panels, *(alert.expr for alert in ALERTS), *(rule.expr for rule in RECORDINGS)]


def named(expression: str) -> set[str]:
    """docmill's families in it, without those that rules record."""
    words = re.findall(r"(?<![\w:])docmill_\w+(?!:)\b", expression)
    known = declared()
    return {
        next((w.removesuffix(s) for s in SUFFIXES if w not in known and w.removesuffix(s) in known), w) for w in words
    }


@pytest.mark.parametrize("path", FILES)
def test_what_is_committed_is_what_is_made(path: str) -> None:
    """`python -m grafana.source` writes it."""
    assert (FOLDER / path).read_text() == FILES[path]


def test_nothing_else_is_there() -> None:
    """A dashboard that was renamed leaves nothing behind."""
    there = {
        str(path.relative_to(FOLDER)) for path in (*FOLDER.glob("dashboards/*"), *FOLDER.glob("prometheus/rules/*"))
    }
    assert there == set(FILES)


@pytest.mark.parametrize("path", DASHBOARDS)
def test_grafana_s_schema_accepts_it(path: str) -> None:
    """Read into the SDK's types and written again, it is the same: nothing in it is unknown to Grafana."""
    told: Any = json.loads(FILES[path])
    read = Dashboard.from_json(told)
    assert json.loads(JSONEncoder(sort_keys=True).encode(read)) == told
    assert {panel["type"] for panel in told["panels"]} <= {"row", "stat", "timeseries", "bargauge"}


@pytest.mark.parametrize("path", DASHBOARDS)
def test_panels_do_not_overlap(path: str) -> None:
    places = [panel["gridPos"] for panel in json.loads(FILES[path])["panels"]]
    cells = [(x, y) for p in places for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_says_what_it_shows_and_draws_its_alerts_thresholds(panel: Panel) -> None:
    """And each of its alerts watches what it shows."""
    assert panel.says.endswith(".") and panel.unit
    shown = " ".join(expression for expression, _ in panel.queries)
    for alert in panel.watched:
        assert SERIES.findall(alert.value)[0].partition("_rate")[0] in shown, alert.name


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_an_alert_leads_to_its_panel_and_its_page(alert: Any) -> None:
    """The panel draws the alert's own bound; the page exists, and names it."""
    number = IDS[alert.board, alert.panel]
    dashboard = json.loads(FILES[f"dashboards/{alert.board}.json"])
    (panel,) = [one for one in dashboard["panels"] if one.get("id") == number]
    assert panel["title"] == alert.panel
    bounds = [step["value"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]
    assert alert.bound in bounds
    page = Path(FOLDER).parent / "docs" / "runbooks" / f"{alert.name}.md"
    assert page.read_text().startswith(f"# {alert.name}\n")


def test_every_page_is_some_alert_s() -> None:
    pages = {path.stem for path in (FOLDER.parent / "docs" / "runbooks").glob("*.md")} - {"README"}
    assert pages == set(BY_NAME)


def test_what_the_pages_tell_to_type_exists() -> None:
    """Every `docmill …` is a command, every setting a setting, every link a page."""
    typed: Any = get_command(app)
    commands = set[str](typed.commands)
    settings = {f"DOCMILL_{name.upper()}" for name in Settings.model_fields}
    for path in (FOLDER.parent / "docs" / "runbooks").glob("*.md"):
        text = path.read_text()
        assert set(re.findall(r"`docmill (\w+)", text)) <= commands, path.name
        assert set(re.findall(r"DOCMILL_[A-Z_]+", text)) <= settings, path.name
        assert all((path.parent / link).exists() for link in re.findall(r"\((\w+\.md)\)", text)), path.name


def test_every_metric_of_a_panel_or_a_rule_exists() -> None:
    """And those that exist are shown, but for a few that only help."""
    asked = set[str]().union(*(named(expression) for expression in expressions()))
    assert asked <= declared()
    helping = {"docmill_build", "docmill_build_info", "docmill_worker_info", "docmill_gpu_info", "docmill_leases"}
    process = {name for name in declared() if name.startswith("docmill_worker")}
    assert declared() - asked - helping - process == set()


@pytest.mark.parametrize("expression", [e for e in dict.fromkeys(expressions()) if "docmill_" in e])
def test_what_every_api_process_says_is_taken_once(expression: str) -> None:
    """`max without (instance)`, or a maximum by labels that name no process, stands before any sum."""
    whole = [name for name in re.findall(r"(?<![\w:])docmill_\w+(?!:)\b", expression)
             if not name.startswith(OWN) or name.startswith("docmill_gpu_seconds")]  # fmt: skip
    taken = expression.count("max without (instance)") + expression.count("max by (status)")
    assert taken >= len(whole), expression
