"""What a server's failures mean for a job: a small HTTP server of the tests' own plays them."""

import pytest

from orchestrator import Fatal, Retry, Unavailable
from orchestrator.errors import UsageError
from orchestrator.models import loader_of
from orchestrator.settings import Settings
from tests.documents.fakes import free_port
from tests.documents.llm_server import FaultyServer, completion
from worker.models.llm import LLM
from worker.models.llm_client import Client


@pytest.mark.asyncio
async def test_no_server_is_unavailable_and_names_the_url() -> None:
    """The job waits; no attempt is used up."""
    url = f"http://127.0.0.1:{free_port()}/v1"
    nowhere = Client(url, "m", "none")
    with pytest.raises(Unavailable, match=url):
        await LLM(nowhere).write("text", "Summarise.", 10)
    await nowhere.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_busy_server_is_unavailable(status: int, faulty: FaultyServer, llm: LLM) -> None:
    """It is put right by waiting, for as long as the server asks for."""
    faulty.status, faulty.body, faulty.headers = status, {"error": {"message": "not now"}}, {"retry-after": "7"}
    with pytest.raises(Unavailable, match="not now") as raised:
        await llm.write("text", "Summarise.", 10)
    assert raised.value.after == 7
    assert len(faulty.requests) == 1, "the SDK retries nothing"


@pytest.mark.asyncio
async def test_a_failing_server_uses_an_attempt(faulty: FaultyServer, llm: LLM) -> None:
    """This request may be what breaks it."""
    faulty.status, faulty.body = 500, {"error": {"message": "oops"}}
    with pytest.raises(Retry, match="HTTP 500"):
        await llm.write("text", "Summarise.", 10)


@pytest.mark.asyncio
async def test_a_text_that_overflows_is_halved_and_the_reply_says_so(faulty: FaultyServer, llm: LLM) -> None:
    """The guess of its tokens was too low."""
    faulty.body, faulty.longest = completion("short"), 600
    reply = await llm.write("word " * 400, "Summarise.", 10)
    assert reply.truncated
    assert [len(one["messages"][-1]["content"]) > 600 for one in faulty.requests] == [True, True, False]


@pytest.mark.asyncio
async def test_what_never_fits_is_fatal(faulty: FaultyServer, llm: LLM) -> None:
    """No retry can help."""
    faulty.longest = 0
    with pytest.raises(Fatal, match="does not fit"):
        await llm.write("text", "Summarise.", 10)


@pytest.mark.asyncio
async def test_a_refused_request_is_fatal(faulty: FaultyServer, llm: LLM) -> None:
    """As by a server that knows no JSON schema."""
    faulty.status, faulty.body = 400, {"error": {"message": "unknown parameter"}}
    with pytest.raises(Fatal, match="unknown parameter"):
        await llm.write("text", "Summarise.", 10)


def test_without_a_url_the_loader_says_what_to_set() -> None:
    """Embedded or not, somebody must set it."""
    with pytest.raises(UsageError, match="DOCMILL_LLM_URL"):
        loader_of("llm")(Settings(llm_url=None))
