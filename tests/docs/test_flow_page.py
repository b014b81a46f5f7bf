"""Every snippet of the page on flow control is run, and does what stands beside it."""

import importlib
import re
import shlex
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from orchestrator.cli.running import run
from orchestrator.clients.session import Session
from orchestrator.errors import DocumentFailed, PipelineError
from orchestrator.settings import load_settings
from tests.testing.pipelines import saying
from worker.testing import TestMill
from worker.testing.plugin import docmill_server, mill, mill_settings
from worker.testing.server import Server

__all__ = ["docmill_server", "mill", "mill_settings"]

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "flow-control.md").read_text()
SNIPPETS = dict(re.findall(r"^```python\n# (\w+)\.py\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
BLOCKS = [block.splitlines() for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)]
"""Lines of commands."""
Command = Callable[[str], int]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Imports a snippet by its name."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    for name, text in SNIPPETS.items():
        (tmp_path / f"{name}.py").write_text(text)

    def snippet(name: str) -> ModuleType:
        used.add(name)
        return importlib.import_module(name)

    used: set[str] = set()
    yield snippet
    for name in used:
        del sys.modules[name]


@pytest.fixture
def commands(docmill_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Runs a line of the page on the mill's server; returns its exit code."""
    monkeypatch.setenv("DOCMILL_REDIS_URL", docmill_server.url)
    monkeypatch.setenv("DOCMILL_DATA_DIR", str(tmp_path))
    load_settings.cache_clear()
    yield lambda line: run(shlex.split(line)[1:])
    load_settings.cache_clear()


def checkpoint(document: str, step: str) -> Callable[[Session], Coroutine[Any, Any, bytes | None]]:
    """What the last try of a job left for the next one."""

    async def look(session: Session) -> bytes | None:
        mill = await session.connect()
        return await mill.transport.send(mill.calls.checkpoint(document, step, None))

    return look


def bounds(lane: str) -> Callable[[Session], Coroutine[Any, Any, dict[str, float]]]:
    """What bounds a lane."""

    async def look(session: Session) -> dict[str, float]:
        return await (await session.connect()).bounds(lane)

    return look


def test_every_snippet_is_used_here() -> None:
    tested = set(re.findall(r'page\("(\w+)"\)', Path(__file__).read_text()))
    assert set(SNIPPETS) == tested and len(SNIPPETS) == PAGE.count("```python")


def test_which_comes_first(page: Any, mill: TestMill) -> None:
    mill.use(saying)
    first = [mill.submit(saying, text="a") for _ in range(3)]
    wanted = page("submitting").three_ways(mill.client, saying)
    order = [job.partition("/")[0] for job in mill.run_until_idle()]
    assert order == [wanted[0], first[0], wanted[1], *first[1:], wanted[2]]


def test_not_before_and_not_after(page: Any, mill: TestMill) -> None:
    mill.use(saying)
    document = page("timing").tomorrow_or_never(mill.client, saying)
    mill.shift(86_400 - 60)
    assert mill.run_until_idle() == []
    mill.shift(60)
    assert mill.run_until_idle() == [f"{document}/say"]
    late = page("timing").tomorrow_or_never(mill.client, saying)
    mill.shift(90_001)
    assert mill.get(late).status == "failed"


def test_how_many_at_once(page: Any, mill: TestMill) -> None:
    invoices = page("bounds").invoices
    assert mill.run(invoices, text="a", customer="acme") == "acme: a"
    told = {name: invoices.plan[name] for name in ("max_started", "limit:read", "limit:book")}
    assert told == {"max_started": "100", "limit:read": "read 2 -", "limit:book": "book 1 =customer"}
    mill.client.pause("lane", "gpu")
    for _ in range(25):
        mill.submit(invoices, text="a", customer="acme")
    rendered = 0
    while mill.run_one():
        rendered += 1
    assert rendered == 20, "no more than may wait in lane gpu"
    mill.client.resume("lane", "gpu")
    assert len(mill.run_until_idle()) == 25 * 3 - 20


def test_a_document_comes_whole(page: Any, mill: TestMill) -> None:
    book = page("books").book
    mill.client.pause("lane", "gpu")
    first, second = (mill.submit(book, text="a b c") for _ in range(2))
    while mill.run_one():
        pass
    mill.client.resume("lane", "gpu")
    jobs = [job for job in mill.run_until_idle() if "/read" in job]
    assert jobs == [f"{document}/read[{index}]" for document in (first, second) for index in range(3)]


def test_conditions(page: Any, mill: TestMill) -> None:
    office = page("office").office
    assert mill.run(office, text="a total") == "invoice, invoice paid, None"
    assert mill.run(office, text="abc") == "letter, None, None"
    assert mill.run(office, text="abc", translate=True) == "letter, None, cba"


def test_a_type_that_does_not_allow_for_what_is_skipped_is_refused(page: Any) -> None:
    wrong = SNIPPETS["office"].replace("paid: str | None", "paid: str")
    with pytest.raises(PipelineError, match="'file' wants str for 'paid'"):
        exec(compile(wrong, "office", "exec"), {"__name__": "office"})


def test_failures(page: Any, mill: TestMill) -> None:
    book = page("failing").book
    document = mill.submit(book, text="a torn b")
    mill.run_until_idle()
    found = mill.get(document)
    assert (found.status, found.flags, mill.result(document)) == ("partial", ["needs_review"], "a ? b")
    with pytest.raises(DocumentFailed, match="it is torn"):
        mill.run(book, text="torn torn torn")


def test_a_busy_page_is_tried_again_when_it_said_so(page: Any, mill: TestMill) -> None:
    document = mill.submit(page("failing").book, text="busy")
    mill.run_until_idle()
    mill.shift(50)
    assert mill.run_until_idle() == []
    mill.shift(11)
    assert mill.run_until_idle() == [f"{document}/read[0]"]


def test_a_long_step_goes_on_where_it_was(page: Any, mill: TestMill) -> None:
    module = page("counting")
    mill.kill_mid_step(module.count, at="checkpoint", times=2)
    document = mill.submit(module.counted, rows=2500)
    for kept in (1000, 2000):
        assert mill.run_one() == [f"{document}/count"]
        assert mill.client.perform(checkpoint(document, "count")) == str(kept).encode()
    mill.run_until_idle()
    assert mill.result(document) == 2500


def listed(mill: TestMill) -> set[str]:
    return {found.id for found in mill.client.list()}


def test_how_long_it_is_kept(page: Any, mill: TestMill) -> None:
    module = page("keeping")
    mill.fail(module.send, ValueError("no"), times=4)
    failed = mill.submit(module.kept, text="a")
    mill.run_until_idle(through_delays=True)
    kept, sent = mill.submit(module.kept, text="a"), mill.submit(module.sent, text="a")
    mill.run_until_idle()
    mill.shift(61)
    assert listed(mill) == {failed, kept}, f"{sent} was fire and forget"
    mill.shift(7 * 86_400 - 120)
    assert listed(mill) == {failed, kept}
    mill.shift(120)
    assert listed(mill) == {failed}
    mill.shift(82 * 86_400)
    assert listed(mill) == {failed}
    mill.shift(86_400)
    assert listed(mill) == set()


def test_stop_and_go(commands: Command, mill: TestMill) -> None:
    mill.use(saying)
    mine = mill.submit(saying, text="a", tenant="acme")
    assert [commands(line) for line in BLOCKS[0][:3]] == [0, 0, 0]
    assert set(mill.client.paused()) == {"lane:gpu", "pipeline:invoices", "tenant:acme"}
    assert mill.run_until_idle() == []
    assert [commands(line) for line in BLOCKS[0][3:]] == [0, 0]
    assert mill.run_until_idle() == [f"{mine}/say"]


def test_how_fast_and_how_long(commands: Command, mill: TestMill) -> None:
    assert [commands(line) for line in BLOCKS[1][:3]] == [0, 0, 0]
    assert mill.client.perform(bounds("llm")) == {"rate": 10.0, "burst": 20.0}
    assert mill.client.perform(bounds("gpu")) == {"most": 5000.0}
    assert commands(BLOCKS[1][3]) == 0
    assert mill.client.perform(bounds("gpu")) == {}


def test_every_command_is_run_here() -> None:
    assert [len(block) for block in BLOCKS] == [5, 4]
