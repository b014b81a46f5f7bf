"""A mill in the test's own process: what runs, in which order, and what is said where nothing more can."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from orchestrator import Unavailable, pipeline, step
from orchestrator.clients.pausing import Kind
from orchestrator.errors import DocumentFailed, NotFound, Stuck, TooLate, UsageError
from tests.testing.pipelines import join, praise, saying, shout, shouting, split, together
from worker.testing import TestMill
from worker.testing.server import Server


@step
def here(text: str) -> str:
    """A step of a test's own module."""
    return text.title()


@pipeline()
def of_this_module(text: str) -> str:
    """A pipeline of it."""
    return here(text)


def test_a_pipeline_of_a_tests_own_module_runs_to_its_result(mill: TestMill) -> None:
    assert mill.run(of_this_module, text="ada") == "Ada"


def test_all_that_there_is_runs_in_order_also_items_async_steps_and_what_follows_an_end(mill: TestMill) -> None:
    document = mill.submit(shouting, text="a b")
    names = ["/split", "/shout[0]", "/shout[1]", "/join", "/praise", ".finish/tell"]
    assert mill.run_until_idle() == [document + name for name in names]
    assert mill.get(document).status == "succeeded"
    assert mill.output(document, "shout") == ["A", "B"]
    assert mill.result(document) == "A B!"
    assert mill.result(f"{document}.finish") == "succeeded"


def test_one_job_at_a_time(mill: TestMill) -> None:
    document = mill.submit(shouting, text="a")
    assert mill.run_one() == [f"{document}/split"]
    assert mill.output(document, "split") == ["a"]
    with pytest.raises(NotFound, match=r"step 'join' of .* has no output: it is waiting"):
        mill.output(document, "join")
    assert mill.run_one() == [f"{document}/shout[0]"]


def test_pipelines_come_one_after_the_other(mill: TestMill) -> None:
    for text in ("a", "b", "c"):
        assert mill.run(saying, text=text) == text
    assert mill.run(shouting, text="a b") == "A B!"
    assert mill.run(of_this_module, text="ada") == "Ada"


def test_urgent_ones_come_first(mill: TestMill) -> None:
    usual, urgent = mill.submit(saying, text="a"), mill.submit(saying, text="b", priority=9)
    assert mill.run_until_idle() == [f"{urgent}/say", f"{usual}/say"]


def test_jobs_of_a_batch_run_in_one_call(mill: TestMill) -> None:
    documents = [mill.submit(together, text=str(index)) for index in range(18)]
    assert mill.run_one() == [f"{document}/many" for document in documents]
    assert mill.result(documents[17]) == "17 of 18"


def test_a_mill_works_inside_a_running_loop(mill: TestMill) -> None:
    async def test() -> object:
        return mill.run(shouting, text="a")

    assert asyncio.run(test()) == "A!"


def test_what_is_delayed_waits_until_time_is_shifted(mill: TestMill) -> None:
    document = mill.submit(saying, text="a", delay=3600)
    assert mill.run_until_idle() == []
    mill.shift(3599)
    assert mill.run_until_idle() == []
    assert mill.run_until_idle(through_delays=True) == [f"{document}/say"]


def test_what_no_lane_serves_is_said_at_once(docmill_server: Server, tmp_path: Path) -> None:
    docmill_server.empty()
    with TestMill(docmill_server.url, tmp_path, lanes=["cpu"]) as mill:
        document = mill.submit(shouting, text="a")
        with pytest.raises(Stuck) as told:
            mill.run_until_idle()
    assert f"document {document} of shouting@" in str(told.value)
    assert "step shout is ready, and waits for a worker that serves lane gpu" in str(told.value)


def test_what_comes_to_no_end_is_said(mill: TestMill) -> None:
    mill.fail("say", Unavailable("the service is down"))
    mill.submit(saying, text="a")
    with pytest.raises(Stuck, match="20 jobs have run and there are more"):
        mill.run_until_idle(through_delays=True, most=20)


def test_what_somebody_paused_is_not_stuck(mill: TestMill) -> None:
    pauses: list[tuple[Kind, str]] = [("lane", "cpu"), ("pipeline", "saying")]
    for kind, name in pauses:
        mill.client.pause(kind, name)
        document = mill.submit(saying, text=kind)
        assert mill.run_until_idle() == []
        mill.client.resume(kind, name)
        assert mill.run_until_idle() == [f"{document}/say"]


def test_a_failed_document_tells_why(mill: TestMill) -> None:
    mill.fail(join, ValueError("no glue"))
    with pytest.raises(DocumentFailed, match="failed: join: ValueError: no glue"):
        mill.run(shouting, text="a")


def test_a_name_is_no_pipeline(mill: TestMill) -> None:
    name: Any = "louder"
    with pytest.raises(UsageError, match="'louder' is no pipeline: hand over what @pipeline made"):
        mill.run(name, text="a")


def test_a_document_that_has_not_ended_has_no_result(mill: TestMill) -> None:
    document = mill.submit(saying, text="a")
    with pytest.raises(TooLate, match="queued"):
        mill.result(document)


def test_nothing_of_the_environment_reaches_a_mill(
    mill: TestMill, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCMILL_RESULTS_URL", "s3://production/results")
    monkeypatch.setenv("DOCMILL_REDIS_URL", "redis://production")
    with TestMill(mill.url, tmp_path, lease=7.5) as other:
        assert other.settings.results == f"file://{tmp_path}/data/results"
        assert (other.settings.redis_url, other.settings.lease) == (mill.url, 7.5)


def test_a_file_is_handed_over_as_to_any_client(mill: TestMill) -> None:
    from orchestrator.source import Source

    @step
    def name(source: Source) -> str:
        return source.name

    @pipeline()
    def naming(source: Source) -> str:
        return name(source)

    assert mill.run(naming, file=b"%PDF-", filename="letter.pdf") == "letter.pdf"


def test_steps_stay_the_plain_functions_that_they_are() -> None:
    assert shout("a") == "A" and split("a b") == ["a", "b"] and not shout.wants_context and praise.is_async
