"""Every name does the same in both clients: one test, run with each."""

import io
from pathlib import Path

import pytest

from orchestrator import AsyncClient, Client
from orchestrator.clients.verbs import Verbs
from orchestrator.errors import Conflict, DocumentFailed, KeyReused, NotFound, Taken, TooLate, UsageError
from orchestrator.ids import new_id
from orchestrator.views import Document
from tests.client.conftest import Both
from tests.client.pipelines import counting


async def test_from_submission_to_result(both: Both) -> None:
    document = await both.submit("counting", text="a")
    assert await both.result(document, timeout=20) == [0, 1, 2]
    assert await both.result(document, list[int]) == [0, 1, 2]
    found = await both.get(document)
    assert isinstance(found, Document)
    assert (found.status, [step.state for step in found.steps]) == ("succeeded", ["done", "done"])
    assert await both.output(document, "first", str) == "a"
    assert await both.parameters(document) == {"text": "a", "priority": 3}


async def test_a_pipeline_as_an_object_and_a_parameter_called_as_an_option(both: Both) -> None:
    document = await both.submit(counting, parameters={"text": "a", "priority": 2}, priority=9)
    assert (await both.wait(document, timeout=20)).priority == 9
    assert await both.result(document) == [0, 1]


async def test_a_result_that_is_no_such_type_is_refused(both: Both) -> None:
    document = await both.submit("counting", text="a")
    with pytest.raises(UsageError, match="is not a dict"):
        await both.result(document, dict, timeout=20)


@pytest.mark.parametrize("kind", ["path", "text path", "bytes", "file", "stream"])
async def test_a_file(both: Both, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir")
    with path.open("rb") as opened:
        opened.read(4)
        given = {"path": path, "text path": str(path), "bytes": b"Dear Sir", "file": opened, "stream": Stream()}[kind]
        name = None if kind in {"path", "text path", "file"} else "letter.txt"
        document = await both.submit("filed", file=given, filename=name, note="x")
        assert not opened.closed
    path.unlink()
    assert await both.result(document, timeout=20) == {"name": "letter.txt", "text": "Dear Sir"}


class Stream(io.RawIOBase):
    """A file that cannot be read twice."""

    def __init__(self) -> None:
        self._left = b"Dear Sir"

    def read(self, size: int = -1) -> bytes:
        """All of it at once."""
        taken, self._left = (self._left, b"") if size else (b"", self._left)
        return taken


async def test_what_cannot_be_submitted_is_refused_in_words(both: Both, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no pipeline 'nothing'.*counting.*hand over the pipeline"):
        await both.submit("nothing", text="a")
    with pytest.raises(UsageError, match="no parameter 'texts': it takes text, priority"):
        await both.submit("counting", texts="a")
    with pytest.raises(UsageError, match="cannot be read \\(No such file"):
        await both.submit("filed", file=tmp_path / "nothing.pdf")
    with pytest.raises(UsageError, match="takes no file"):
        await both.submit("counting", file=b"a", text="a")
    with pytest.raises(UsageError, match="opened with 'rb'"):
        await both.submit("filed", file=io.StringIO("text"))
    with pytest.raises(UsageError, match="is no pipeline"):
        await both.submit(7)
    with pytest.raises(UsageError, match="priority 10 is not possible"):
        await both.submit("counting", text="a", priority=10)


async def test_twice_the_same_is_once(both: Both) -> None:
    own, key = new_id(), new_id()
    assert await both.submit("counting", text="a", document=own) == own
    assert await both.submit("counting", text="a", document=own) == own
    first = await both.submit("counting", text="a", key=key)
    assert await both.submit("counting", text="a", key=key) == first
    with pytest.raises(KeyReused):
        await both.submit("counting", text="b", key=key)
    await both.submit("waiting", text="a", unique=own)
    with pytest.raises(Taken) as refused:
        await both.submit("waiting", text="a", unique=own)
    assert isinstance(refused.value, Conflict)
    assert (await both.get(refused.value.document)).status == "queued"


async def test_a_failed_document_has_no_result_but_a_reason(both: Both) -> None:
    document = await both.submit("counting", text="fail")
    with pytest.raises(DocumentFailed, match="failed: second: no such luck") as failed:
        await both.result(document, timeout=20)
    assert (failed.value.document, failed.value.status) == (document, "failed")
    assert await both.output(document, "first") == "fail"
    with pytest.raises(NotFound, match=r"step 'second' of .* has no output"):
        await both.output(document, "second")


async def test_a_result_that_nobody_wanted_kept(both: Both) -> None:
    document = await both.submit("forgetting", text="a")
    with pytest.raises(NotFound, match="succeeded; its pipeline keeps no results"):
        await both.result(document, timeout=20)


async def test_why_and_deleting(both: Both) -> None:
    document = await both.submit("waiting", text="a")
    assert "gpu" in (await both.why(document)).says
    await both.delete(document)
    with pytest.raises(NotFound):
        await both.get(document)


async def test_waiting_ends_in_time(both: Both) -> None:
    document = await both.submit("waiting", text="a")
    for ask in (both.wait, both.result, both.events):
        with pytest.raises(TooLate, match=r"is still queued after 0\.2 s"):
            await ask(document, timeout=0.2)


async def test_what_is_not_there(both: Both) -> None:
    for ask in (both.get, both.wait, both.result, both.parameters, both.cancel, both.retry, both.events):
        with pytest.raises(NotFound, match="there is no document 0-1"):
            await ask("0-1")
    with pytest.raises(UsageError, match="is not a document's id"):
        await both.get("no such id")


async def test_steering(both: Both) -> None:
    document = await both.submit("waiting", text="a")
    assert await both.reprioritise(document, 9) == "moved"
    assert await both.cancel(document, why="not needed") == "cancelled"
    assert "not needed" in (await both.get(document)).log[-1]
    with pytest.raises(DocumentFailed, match="cancelled") as ended:
        await both.result(document)
    assert ended.value.status == "cancelled"
    assert await both.retry(document) == "revived"
    assert await both.retry(document) == "queued"
    assert await both.cancel(document) == "cancelled"


async def test_pausing(both: Both) -> None:
    name = f"t-{new_id()[2:]}"
    await both.pause("tenant", name)
    document = await both.submit("counting", text="a", tenant=name)
    assert f"tenant:{name}" in await both.paused()
    with pytest.raises(TooLate):
        await both.wait(document, timeout=0.3)
    await both.resume("tenant", name)
    assert (await both.wait(document, timeout=20)).status == "succeeded"
    assert f"tenant:{name}" not in await both.paused()
    with pytest.raises(UsageError, match="one of lane, pipeline, tenant"):
        await both.pause("step", "x")


async def test_who_works_where(both: Both) -> None:
    document = await both.submit("waiting", text="a")
    lanes = {lane.name: lane for lane in await both.lanes()}
    assert (lanes["cpu"].slots, lanes["gpu"].slots) == (1, 0)
    assert lanes["gpu"].ready >= 1
    (worker,) = await both.workers()
    assert (worker.state, worker.lanes) == ("alive", ["cpu", "llm"])
    await both.cancel(document)


def test_both_clients_have_the_names_and_say_what_they_do() -> None:
    names = [name for name in vars(Verbs) if not name.startswith("_")]
    assert {"submit", "get", "wait", "result", "events", "cancel", "retry", "reprioritise", "list"} <= set(names)
    for name in names:
        for kind in (Client, AsyncClient):
            assert getattr(kind, name).__doc__, name
