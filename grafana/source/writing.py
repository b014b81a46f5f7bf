"""The text of every file that is made."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from grafana.source.alerts import ALERTS, Alert
from grafana.source.boards import BOARDS
from grafana.source.recording import RECORDINGS

FOLDER = Path(__file__).resolve().parent.parent
HEAD = "# Made by `python -m grafana.source`: change it there.\n"
EVERY = "30s"
RUNBOOKS = "docs/runbooks"
IDS = {(board.uid, panel.title): at for board in BOARDS for at, panel in enumerate(board.panels, 1)}
"""Board's uid and panel's title -> the panel's id."""


def made() -> dict[str, str]:
    """Path, below `grafana/` -> text."""
    boards = {f"dashboards/{board.uid}.json": _dashboard(board.build()) for board in BOARDS}
    recorded = [{"record": rule.name, "expr": rule.expr} for rule in RECORDINGS]
    return boards | {
        "prometheus/rules/recording.yaml": _rules("docmill-recording", recorded),
        "prometheus/rules/alerts.yaml": _rules("docmill-alerts", [_alert(alert) for alert in ALERTS]),
    }


def _dashboard(built: Any) -> str:
    return JSONEncoder(sort_keys=True, indent=2).encode(built) + "\n"


def _rules(name: str, rules: list[Any]) -> str:
    group = {"groups": [{"name": name, "interval": EVERY, "rules": rules}]}
    return HEAD + yaml.safe_dump(group, sort_keys=False, width=120, allow_unicode=True)


def _alert(alert: Alert) -> Mapping[str, Any]:
    panel = IDS[alert.board, alert.panel]
    return {
        "alert": alert.name,
        "expr": alert.expr,
        "for": alert.hold,
        "labels": {"severity": alert.severity},
        "annotations": {
            "summary": alert.summary,
            "description": alert.description,
            "runbook": f"{RUNBOOKS}/{alert.name}.md",
            "dashboard": f"/d/{alert.board}?viewPanel={panel}",
        },
    }
