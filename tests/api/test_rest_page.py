"""docs/rest.md names each address of the API, each scope and real options; and nothing else."""

import re
from pathlib import Path

import pytest

from api.app import create_app
from api.kinds import KINDS
from api.scopes import NEEDED
from orchestrator.access import SCOPES
from orchestrator.cli.running import run
from orchestrator.settings import Settings
from tests.support.workers import ROOT

PAGE = (ROOT / "docs" / "rest.md").read_text()
TABLE = [line for line in PAGE.splitlines() if line.startswith("| `/")]
ADDRESS = re.compile(r"`(/[^`]*)`")


def test_every_address_is_told_and_no_other(tmp_path: Path) -> None:
    """As the OpenAPI description has them."""
    described = create_app(Settings(redis_url="redis://127.0.0.1:1/0", data_dir=tmp_path)).openapi()["paths"]
    assert {address for line in TABLE for address in ADDRESS.findall(line.split("|")[1])} == set(described)


def test_scopes_problems_and_options_are_those_that_there_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words that can be typed."""
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert told == set(SCOPES) >= {scope for pair in NEEDED.values() for scope in pair if scope}
    assert set(re.findall(r"/problems/([\w-]+)", PAGE)) <= set(KINDS)
    (command,) = re.findall(r"docmill (keys create .*)", PAGE)
    monkeypatch.setenv("COLUMNS", "200")
    run(["keys", "create", "--help"])
    shown = capsys.readouterr().out
    assert all(option in shown for option in re.findall(r"--\w+", command)), shown
