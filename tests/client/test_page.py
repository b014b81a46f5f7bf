"""`docs/client.md`: every snippet of it, in its order, against a real worker."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from orchestrator import Client, errors
from orchestrator.clients.verbs import Verbs
from orchestrator.settings import load_settings
from tests.support.server import running_server
from tests.support.workers import running_worker

PAGE = (Path(__file__).parents[2] / "docs" / "client.md").read_text()
MODULE, *SNIPPETS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LINES = '{"path": "letter.txt"}\n{"text": "Dear Madam"}\n'


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where the page's reader stands: the module, a letter, a worker."""
    with TemporaryDirectory(prefix="dm") as name, running_server(Path(name)) as server:
        folder = Path(name)
        files = {"letters.py": MODULE, "letter.txt": "Dear Sir", "letters.jsonl": LINES}
        for file, text in files.items():
            (folder / file).write_text(text)
        settings = {"REDIS_URL": server.url, "DATA_DIR": str(folder / "data"), "PIPELINES": "letters:letter"}
        for setting, value in settings.items():
            monkeypatch.setenv(f"DOCMILL_{setting}", value)
        monkeypatch.setenv("PYTHONPATH", name)
        monkeypatch.setattr(sys, "path", [name, *sys.path])
        monkeypatch.chdir(folder)
        load_settings.cache_clear()
        with running_worker(server.url, folder, pipelines="letters:letter", slots="cpu*1", standby="0"):
            yield
        sys.modules.pop("letters", None)
        load_settings.cache_clear()


async def test_every_snippet(reader: None) -> None:
    assert len(SNIPPETS) == 8
    names: dict[str, Any] = {}
    for snippet in SNIPPETS:
        code = compile(snippet, "client.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        if inspect.iscoroutine(waits := eval(code, names)):
            await waits


def test_what_the_page_names_is_there() -> None:
    told = set(re.findall(r"`(\w+)`", PAGE.partition("Also:")[2].partition("##")[0]))
    assert told <= set(vars(Verbs))
    table = set(re.findall(r"`([A-Z]\w+)`", PAGE.partition("| --- |")[2].partition("\n\n")[0]))
    assert len(table) == 9
    assert all(hasattr(errors, name) for name in table)
    assert set(re.findall(r"`(\w+)`", PAGE.partition("beside ")[2].partition(".")[0])) <= set(
        inspect.signature(Client.submit).parameters
    )
