"""Rules, by Prometheus' own tool: they are valid, and each alert fires when it should and is silent when it should not."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from grafana.source.alerts import ALERTS
from grafana.source.writing import FOLDER
from tests.observing.cases import CASES, Series

PROMTOOL = shutil.which("promtool")
pytestmark = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed: apt-get install prometheus")
ORDER = ["docmill-recording", "docmill-alerts"]
RULES = sorted((FOLDER / "prometheus" / "rules").glob("*.yaml"))


def promtool(*words: object) -> str:
    """What it says, where it is content."""
    assert PROMTOOL is not None
    ended = subprocess.run([PROMTOOL, *map(str, words)], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_rules_are_valid() -> None:
    """All of them, by name and by expression."""
    assert promtool("check", "rules", *RULES).count("SUCCESS") == len(RULES) == 2


def test_the_configuration_is_valid(tmp_path: Path) -> None:
    """With the rules and the key beside it, as compose.yaml mounts them."""
    shutil.copytree(FOLDER / "prometheus", tmp_path / "prometheus")
    (tmp_path / "prometheus" / "docmill-key").write_text("a key")
    assert "SUCCESS" in promtool("check", "config", tmp_path / "prometheus" / "prometheus.yml")


def test_every_alert_has_its_case() -> None:
    assert set(CASES) == {alert.name for alert in ALERTS}


@pytest.mark.parametrize("name", CASES)
def test_it_fires_when_it_should_and_not_when_it_comes_near(name: str, tmp_path: Path) -> None:
    """At the same moment, with the rules as they are shipped."""
    case = CASES[name]
    tests = [_case(name, case.fires, case.at, case.step, 1), _case(name, case.silent, case.at, case.step, 0)]
    whole = {
        "rule_files": [str(path) for path in RULES],
        "evaluation_interval": case.step,
        "tests": tests,
        "group_eval_order": ORDER,
    }
    file = tmp_path / "test.yaml"
    file.write_text(yaml.safe_dump(whole))
    promtool("test", "rules", file)


def _case(name: str, series: Series, at: str, step: str, fires: int) -> Any:
    firing = f'count(ALERTS{{alertname="{name}",alertstate="firing"}}) or vector(0)'
    return {
        "interval": step,
        "input_series": [{"series": one, "values": values} for one, values in series.items()],
        "promql_expr_test": [{"expr": firing, "eval_time": at, "exp_samples": [{"labels": "{}", "value": fires}]}],
    }
