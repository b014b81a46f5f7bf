"""Logs: one line an event, each saying which job it is about, whoever writes it; nothing of what a document says."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.documents.llm_server import completion, faulty_server
from tests.support.server import Server
from tests.support.workers import wait_until
from tests.telling.whole import Whole, whole

MARKER = "Mr-Quentin-Abernathy-owes-4711"
"""Stands in a document, and so may stand in no log."""


@pytest.fixture
def running(server: Server, tmp_path: Path) -> Iterator[Whole]:
    """An API, a worker, and an LLM server that says again what it is told, also where it refuses it."""
    with faulty_server() as llm, whole(server, tmp_path, log_level="debug", llm_url=llm.url, llm_model="m") as made:
        llm.answer = lambda request: completion(request["messages"][-1]["content"])
        yield made


def test_a_documents_story_is_one_grep_over_all_processes(running: Whole) -> None:
    """Its request, its steps, what they said by themselves, the try that failed; in the order in which it happened."""
    document = running.submit("told", "fail once")
    told = [(line["event"], line.get("step")) for line in running.about(document) if line["level"] != "debug"]
    assert told[0] == ("request", None)
    assert told[1:] == [
        ("reading 9 characters", "read"), ("step done", "read"), ("step failed", "weigh"), ("weighed", "weigh"),
        ("step done", "weigh"), ("asking", "ask"), ("model loaded", "ask"), ("step done", "ask"),
    ]  # fmt: skip


def test_each_line_of_a_run_says_which_job_it_is_about(running: Whole) -> None:
    """In a slot of its own and in the shared process alike, whether docmill writes it or the step."""
    document = running.submit("told", "abc")
    lines = [line for line in running.about(document) if line["event"] != "request" and line["level"] == "info"]
    assert {line["step"] for line in lines} == {"read", "weigh", "ask"}
    for line in lines:
        assert line["document"] == document and line["tenant"] == "default" and line["attempt"] == 1
        assert line["slot"].startswith(line["worker"] + "/") and line["pipeline"].startswith("told@")
    done = [line for line in lines if line["event"] == "step done"]
    assert all(0 <= line["seconds"] < 30 for line in done) and len(done) == 3


def test_no_log_quotes_a_document(running: Whole) -> None:
    """Not at the level `debug`, not where an error's text quotes it, not from the libraries that carry it."""
    document = running.submit("told", f"fail {MARKER}")
    assert MARKER not in running.text
    (failed,) = [line for line in running.about(document) if line["event"] == "step failed"]
    assert failed["error"] == "ValueError" and failed["at"].startswith("pipelines.py:")
    log = httpx.get(f"{running.url}/v1/documents/{document}").json()["log"]
    assert any(MARKER in line for line in log), "the text is where it is deleted with the document"


def test_a_request_has_one_line_and_the_name_that_its_sender_gave_it(running: Whole) -> None:
    """Neither its query nor who sent it is told; probes are for those who look closely."""
    answer = httpx.get(f"{running.url}/v1/documents?status=secret", headers={"x-request-id": "from-the-gate.1"})
    assert answer.headers["x-request-id"] == "from-the-gate.1"
    wait_until(lambda: "from-the-gate.1" in running.text, "its line, written once it is answered")
    (line,) = [one for one in running.lines if one.get("request") == "from-the-gate.1"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/v1/documents", answer.status_code)
    assert "secret" not in running.text and "127.0.0.1" not in json.dumps(line)
    made = httpx.get(f"{running.url}/healthz", headers={"x-request-id": "no name\twith spaces"})
    name = made.headers["x-request-id"]
    assert len(name) == 8
    wait_until(lambda: name in running.text, "its line")
    assert {one["level"] for one in running.lines if one.get("path") == "/healthz"} == {"debug"}


def test_a_slot_that_dies_is_told_with_the_job_that_it_had(running: Whole) -> None:
    """By its supervisor; then the job runs again."""
    document = running.submit("dying", "abc")
    wait_until(lambda: any(line["event"] == "step done" for line in running.about(document)), "it runs again")
    (died,) = [line for line in running.about(document) if line["event"] == "run ended from outside"]
    assert (died["step"], died["cause"]) == ("die", "died") and died["how"].startswith("SIGKILL")
