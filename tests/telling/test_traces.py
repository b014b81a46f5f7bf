"""Traces: a document's road, from the request that submitted it to the LLM's own server, at a real receiver of OTLP."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.documents.llm_server import FaultyServer, completion, faulty_server
from tests.support.server import Server
from tests.support.workers import wait_until
from tests.telling.collector import Collector, collecting
from tests.telling.whole import Whole, whole

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{CALLER}-01"
SECRET = "Mr-Quentin-Abernathy"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """Where all processes that the test starts send their spans."""
    with collecting() as made:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        yield made


@pytest.fixture
def llm() -> Iterator[FaultyServer]:
    """An OpenAI-compatible server."""
    with faulty_server() as made:
        made.body = completion("again")
        yield made


@pytest.fixture
def running(collector: Collector, llm: FaultyServer, server: Server, tmp_path: Path) -> Iterator[Whole]:
    """An API and a worker that trace."""
    with whole(server, tmp_path, llm_url=llm.url, llm_model="m") as made:
        yield made


def test_one_trace_from_the_request_to_the_llm(running: Whole, collector: Collector, llm: FaultyServer) -> None:
    """Each span has its parent; the LLM's server is told which span asks it, so its own spans join."""
    document = running.submit("told", "abc", traceparent=PARENT)
    running.drain()
    (request,), (submit,), (chat,) = (collector.of(n) for n in ("POST /v1/documents", "submit document", "chat m"))
    runs = [collector.of(f"run {step}")[0] for step in ("read", "weigh", "ask")]
    assert {span.trace for span in (request, submit, chat, *runs)} == {TRACE}
    assert (request.parent, submit.parent) == (CALLER, request.id)
    assert {run.parent for run in runs} == {submit.id}
    assert chat.parent == runs[2].id
    assert llm.told[-1]["traceparent"] == f"00-{TRACE}-{chat.id}-01"
    assert [span.kind for span in (request, submit, *runs, chat)] == ["server", "producer", *["consumer"] * 3, "client"]
    assert {request.service, submit.service} == {"docmill-api"} and {run.service for run in runs} == {"docmill-worker"}
    assert document == submit.told["docmill.document"]


def test_a_run_says_what_it_was(running: Whole, collector: Collector) -> None:
    """Which job, the how manyeth try, where, how long it waited, and what became of it; the LLM call what it cost."""
    document = running.submit("told", "abc", traceparent=PARENT)
    running.drain()
    run, chat = collector.of("run ask")[0], collector.of("chat m")[0]
    worker, _, slot = str(run.told["docmill.slot"]).partition("/")
    told = {name.removeprefix("docmill."): value for name, value in run.told.items()}
    waited = told.pop("waited_ms")
    assert told == {
        "document": document, "step": "ask", "pipeline": told["pipeline"], "worker": worker, "slot": f"{worker}/{slot}",
        "lane": "llm", "model": "llm", "attempt": 1, "delivery": 1, "tenant": "default", "outcome": "done",
    }  # fmt: skip
    assert 0 <= waited < 30_000 and run.start <= chat.start <= chat.end <= run.end
    assert chat.told["gen_ai.request.model"] == "m" and chat.told["gen_ai.response.finish_reasons"] == ["stop"]


def test_another_try_links_to_the_one_before(running: Whole, collector: Collector) -> None:
    """The first failed: its span has the error's class, and nothing of its text."""
    running.submit("told", f"fail {SECRET}", traceparent=PARENT)
    running.drain()
    first, second = collector.of("run weigh")
    assert (first.error, first.told["docmill.outcome"], first.links) == ("ValueError", "attempt", [])
    assert second.links == [(TRACE, first.id)] and second.told["docmill.attempt"] == 2
    assert not any(SECRET in body for body in collector.bodies)


def test_a_retried_document_links_to_its_former_life(running: Whole, collector: Collector) -> None:
    """It stays in its trace."""
    document = running.submit("told", "abc", traceparent=PARENT)
    answer = httpx.post(f"{running.url}/v1/documents/{document}/retry?from=weigh")
    assert answer.status_code == 202
    first, second = collector.wait_for("run weigh", 2)
    assert second.trace == TRACE and second.links == [(TRACE, first.id)]


def test_the_span_of_a_killed_slot_is_sent_by_its_supervisor(running: Whole, collector: Collector) -> None:
    """Under the id that it had, so that the next run's link leads somewhere."""
    running.submit("dying", "abc", traceparent=PARENT)
    first, second = collector.wait_for("run die", 2)
    assert (first.error, first.told["docmill.outcome"], first.parent) == ("died", "died", second.parent)
    assert second.links == [(TRACE, first.id)] and second.told["docmill.outcome"] == "done"
    assert first.start <= first.end <= second.end


def test_members_of_a_batch_have_traces_of_their_own(running: Whole, collector: Collector) -> None:
    """50,000 documents in one trace could not be looked at: each links to the request that submitted the batch."""
    lines = b'{"parameters": {"text": "one"}}\n{"parameters": {"text": "two"}}\n'
    headers = {"traceparent": PARENT, "content-type": "application/x-ndjson"}
    answer = httpx.post(f"{running.url}/v1/batches?pipeline=told", content=lines, headers=headers)
    assert answer.status_code in {200, 201, 202}, answer.text
    runs = collector.wait_for("run ask", 2)
    (request,) = collector.wait_for("POST /v1/batches")
    assert len({run.trace for run in runs}) == 2 and TRACE not in {run.trace for run in runs}
    assert {tuple(run.links) for run in runs} == {((TRACE, request.id),)}


def test_what_follows_a_documents_end_links_to_it(running: Whole, collector: Collector) -> None:
    """It may come hours later: a trace of its own."""
    document = running.submit("noted", "abc", traceparent=PARENT)
    (run,), (submit,) = collector.wait_for("run note"), collector.wait_for("submit document")
    assert run.told["docmill.document"] == f"{document}.finish"
    assert run.trace != TRACE and run.links == [(TRACE, submit.id)] and run.parent == ""


def test_documents_that_run_in_one_call_have_a_span_each(running: Whole, collector: Collector) -> None:
    """In their own traces; each but the first links to the one in which the call was made. So do the logs."""
    other = PARENT.replace("4bf92f", "aaaaaa")
    running.order("cpu", "pause")  # until both are there
    documents = [running.submit("gathered", "x", wait=0, traceparent=parent) for parent in (PARENT, other)]
    running.order("cpu", "resume")
    runs = {str(run.told["docmill.document"]): run for run in collector.wait_for("run gather", 2)}
    first, second = sorted((runs[document] for document in documents), key=lambda run: len(run.links))
    assert {first.trace, second.trace} == {TRACE, other[3:35]}
    assert first.links == [] and second.links == [(first.trace, first.id)]
    assert {run.told["docmill.batch_size"] for run in (first, second)} == {2}
    for document in documents:
        assert {"gathering 2", "step done"} <= {line["event"] for line in running.about(document)}


def test_who_submits_without_a_trace_begins_one(running: Whole, collector: Collector) -> None:
    """At the API; a header that is none is no reason to refuse."""
    running.submit("told", "abc", traceparent="00-nonsense")
    running.drain()
    (submit,), (run,) = collector.of("submit document"), collector.of("run read")
    assert run.parent == submit.id and run.trace == submit.trace != TRACE


def test_what_was_not_sampled_is_not_sent(running: Whole, collector: Collector) -> None:
    """The caller's decision holds on the whole road."""
    running.submit("told", "abc", traceparent=f"00-{TRACE}-{CALLER}-00")
    running.submit("told", "abc", traceparent=PARENT)
    running.drain()
    assert len(collector.of("submit document")) == 1 and len(collector.of("run read")) == 1


def test_a_receiver_that_is_away_costs_nothing(
    llm: FaultyServer, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Documents run as ever."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    with whole(server, tmp_path, llm_url=llm.url, llm_model="m") as running:
        document = running.submit("told", "abc")
        wait_until(lambda: any(one.get("step") == "ask" for one in running.about(document)), "it runs to its end")
