"""The pages on logs, traces and deploying name what there is: settings, events, attributes, services, files."""

import re
from pathlib import Path

import pytest

from orchestrator.settings import Settings
from tests.deploy.composed import composed, example

ROOT = Path(__file__).resolve().parents[2]
PAGES = {name: (ROOT / "docs" / f"{name}.md").read_text() for name in ("logs-and-traces", "deploy", "metrics")}
CODE = "".join(path.read_text() for part in ("orchestrator", "worker", "api") for path in (ROOT / part).rglob("*.py"))


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_is_one(page: str) -> None:
    named = {name.lower() for name in re.findall(r"DOCMILL_([A-Z_]*[A-Z])\b", PAGES[page])}
    assert named and named <= set(Settings.model_fields)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    assert all((ROOT / "docs" / path).exists() for path in re.findall(r"\]\((?!http)([^)#]+)", PAGES[page]))


def test_every_event_is_written_somewhere() -> None:
    table = PAGES["logs-and-traces"].partition("| event | says |\n")[2].partition("\n\n")[0]
    events = [name for line in table.splitlines()[1:] for name in re.findall(r"`([^`]+)`", line.split("|")[1])]
    assert len(events) == 10 and [name for name in events if f'"{name}"' not in CODE] == []


def test_every_attribute_is_told_by_some_span() -> None:
    table = PAGES["logs-and-traces"].partition("| span | attributes |\n")[2].partition("\n\n")[0]
    groups = re.findall(r"`((?:docmill|gen_ai\.\w+)\.[^`]+)`", table)
    names: list[str] = []
    for group in groups:
        first, *others = group.split(" ")
        names += [first, *(first.rpartition(".")[0] + other for other in others)]
    assert len(names) > 20 and [name for name in names if f'"{name}"' not in CODE] == []


def test_every_service_is_explained() -> None:
    table = PAGES["deploy"].partition("| service | is | listens at |\n")[2].partition("\n\n")[0]
    named = [name for line in table.splitlines()[1:] for name in re.findall(r"`([\w-]+)`", line.split("|")[1])]
    assert sorted(named) == sorted(composed(example())["services"])
