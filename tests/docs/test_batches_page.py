"""`docs/batches.md`: its modules, its lines and each of its commands, run as its reader would."""

import asyncio
import json
import re
import shlex
import string
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from orchestrator.client import Mill
from orchestrator.graph import Pipeline
from orchestrator.registry import Registry
from tests.cli.conftest import Inside, inside

__all__ = ["inside"]

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "batches.md").read_text()
MODULES = re.findall(r"^```python\n# (\w+)\.py\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LINES, OUTCOMES = re.findall(r"^```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [
    line for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) for line in block.splitlines()
]


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """The page's modules, and its file of lines where the reader stands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCMILL_PIPELINES", "letters:words,letters:total")
    (tmp_path / "letters.jsonl").write_text(LINES)
    found: dict[str, ModuleType] = {}
    for name, text in MODULES:
        found[name] = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, found[name])
        exec(compile(text, f"{name}.py", "exec"), found[name].__dict__)
    return found


def pipelines(modules: dict[str, ModuleType]) -> list[Pipeline]:
    return [modules["letters"].words, modules["letters"].total]


def test_each_command(inside: Inside, modules: dict[str, ModuleType]) -> None:
    assert len(COMMANDS) == PAGE.count("\ndocmill ") == 8
    inside.mill.use(*pipelines(modules))
    first, *others = COMMANDS
    submitted = inside(*shlex.split(first)[1:])
    identity = submitted.out.split()[1]
    shown = re.findall(r"^```text\n.*?\n…\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]
    assert [line for line in shown.splitlines() if line not in submitted.out.splitlines()] == []
    inside.mill.run_until_idle()
    codes = {line: inside(*shlex.split(string.Template(line).substitute(BATCH=identity))[1:]).code for line in others}
    assert {line: code for line, code in codes.items() if code != (" wait " in line)} == {}
    inside.mill.run_until_idle()
    assert inside.mill.result(f"{identity}.aggregate") == {"words": 10, "long": 2, "failed": 1, "refused": 1}


def test_the_outcomes_that_it_shows(inside: Inside, modules: dict[str, ModuleType]) -> None:
    inside.mill.use(*pipelines(modules))
    identity = inside(*shlex.split(COMMANDS[0])[1:]).out.split()[1]
    inside.mill.run_until_idle()
    shown = [json.loads(line.replace("0-1m7z7…", identity)) for line in OUTCOMES.splitlines()]
    assert [json.loads(line) for line in inside("batch", "results", identity).out.splitlines()] == shown


def test_from_python(inside: Inside, modules: dict[str, ModuleType]) -> None:
    inside.mill.use(*pipelines(modules))

    async def both() -> Any:
        async with Mill(inside.mill.url, inside.mill.settings, Registry(pipelines(modules))) as client:
            submitted = asyncio.create_task(modules["submit"].submit(client))
            while not await client.batches():
                await asyncio.sleep(0)
            while not submitted.done():
                await asyncio.to_thread(inside.mill.run_until_idle)
            return await submitted

    assert asyncio.run(both()).succeeded == 2
