"""What a server's failures mean for a job: a small HTTP server of the tests' own plays them."""

import json
from collections.abc import AsyncGenerator, Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import pytest_asyncio

from orchestrator import Fatal, Retry, Unavailable
from orchestrator.errors import UsageError
from orchestrator.models import loader_of
from orchestrator.settings import Settings
from tests.documents.fakes import free_port
from worker.models.llm import LLM
from worker.models.llm_client import Client

OVERFLOW = {"error": {"message": "the request exceeds the available context size", "type": "exceed_context_size"}}


class _Server(ThreadingHTTPServer):
    """Answers every chat completion with `status` and `body`; longer prompts than `longest` overflow."""

    status = 200
    body: Any = None
    headers: dict[str, str]
    longest = 10**9
    requests: list[Any]


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        """The list of models: a small context."""
        self._answer(200, {"object": "list", "data": [{"id": "m", "object": "model", "max_model_len": 2048}]})

    def do_POST(self) -> None:
        """A chat completion."""
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append(request)
        if len(request["messages"][-1]["content"]) > self.server.longest:
            self._answer(400, OVERFLOW)
        else:
            self._answer(self.server.status, self.server.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def _answer(self, status: int, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", **self.server.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def server() -> Generator[_Server]:
    """Listening."""
    with _Server(("127.0.0.1", 0), _Handler) as made:
        made.requests, made.headers = [], {}
        Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest_asyncio.fixture
async def llm(server: _Server) -> AsyncGenerator[LLM]:
    """Asks that server."""
    made = LLM(Client(f"http://127.0.0.1:{server.server_port}/v1", "m", "none"))
    yield made
    await made.client.close()


def _completion(content: str, finish: str = "stop", logprobs: Any = None) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": logprobs}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}


@pytest.mark.asyncio
async def test_no_server_is_unavailable_and_names_the_url() -> None:
    """The job waits; no attempt is used up."""
    url = f"http://127.0.0.1:{free_port()}/v1"
    nowhere = Client(url, "m", "none")
    with pytest.raises(Unavailable, match=url):
        await LLM(nowhere).write("text", "Summarise.", 10)
    await nowhere.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("status", [429, 502, 503, 504, 401, 404])
async def test_a_busy_server_or_a_wrong_key_is_unavailable(status: int, server: _Server, llm: LLM) -> None:
    """Both are put right by waiting or by the operator, and the documents are not lost."""
    server.status, server.body, server.headers = status, {"error": {"message": "not now"}}, {"retry-after": "7"}
    with pytest.raises(Unavailable, match="not now") as raised:
        await llm.write("text", "Summarise.", 10)
    assert raised.value.after == (7 if status in {429, 502, 503, 504} else None)
    assert len(server.requests) == 1, "the SDK retries nothing"


@pytest.mark.asyncio
async def test_a_failing_server_uses_an_attempt(server: _Server, llm: LLM) -> None:
    """This request may be what breaks it."""
    server.status, server.body = 500, {"error": {"message": "oops"}}
    with pytest.raises(Retry, match="HTTP 500"):
        await llm.write("text", "Summarise.", 10)


@pytest.mark.asyncio
async def test_a_text_that_overflows_is_halved_and_the_reply_says_so(server: _Server, llm: LLM) -> None:
    """The guess of its tokens was too low."""
    server.body, server.longest = _completion("short"), 600
    reply = await llm.write("word " * 400, "Summarise.", 10)
    assert reply.truncated
    assert [len(one["messages"][-1]["content"]) > 600 for one in server.requests] == [True, True, False]


@pytest.mark.asyncio
async def test_what_never_fits_is_fatal(server: _Server, llm: LLM) -> None:
    """No retry can help."""
    server.longest = 0
    with pytest.raises(Fatal, match="does not fit"):
        await llm.write("text", "Summarise.", 10)


@pytest.mark.asyncio
async def test_a_refused_request_is_fatal(server: _Server, llm: LLM) -> None:
    """As by a server that knows no JSON schema."""
    server.status, server.body = 400, {"error": {"message": "unknown parameter"}}
    with pytest.raises(Fatal, match="unknown parameter"):
        await llm.write("text", "Summarise.", 10)


@pytest.mark.asyncio
@pytest.mark.parametrize(("content", "finish"), [('{"a": "b', "length"), ("Sure! Here it is", "stop")])
async def test_a_cut_or_chatty_json_answer_is_tried_again(content: str, finish: str, server: _Server, llm: LLM) -> None:
    """Not a parse error."""
    server.body = _completion(content, finish)
    with pytest.raises(Retry):
        await llm.structured("text", "Extract.", {"type": "object"}, 10)


@pytest.mark.asyncio
async def test_a_server_without_logprobs_cannot_classify(server: _Server, llm: LLM) -> None:
    """It says what is missing."""
    server.body = _completion("invoice")
    with pytest.raises(Fatal, match="logprobs"):
        await llm.choose("text", ["invoice", "letter"], {})


@pytest.mark.asyncio
async def test_a_choice_is_one_request_once_the_prejudice_is_known(server: _Server, llm: LLM) -> None:
    """The categories are listed, the examples shown first, the document last."""
    top = [{"token": "invoice", "logprob": -0.1, "bytes": None}, {"token": "letter", "logprob": -2.5, "bytes": None}]
    server.body = _completion("invoice", logprobs={"content": [{**top[0], "top_logprobs": top}]})
    await llm.choose("another", ["invoice", "letter"], {"letter": "Dear Sir"})
    choice = await llm.choose("the text", ["invoice", "letter"], {"letter": "Dear Sir"})
    assert choice.label == "invoice"
    assert choice.confidence == choice.scores["invoice"] > 0.5
    assert len(server.requests) == 4
    first, *_, last = server.requests[-1]["messages"]
    assert "invoice, letter" in first["content"]
    assert "the text" in last["content"]


def test_without_a_url_the_loader_says_what_to_set() -> None:
    """Embedded or not, somebody must set it."""
    with pytest.raises(UsageError, match="DOCMILL_LLM_URL"):
        loader_of("llm")(Settings(llm_url=None))
