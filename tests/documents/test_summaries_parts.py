"""Summaries of long texts: in parts, none of which is cut."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from orchestrator import Unavailable
from orchestrator.models import loader_of
from orchestrator.settings import Settings
from tests.documents.fakes import FakeContext
from tests.documents.llm_server import FaultyServer, completion
from tests.documents.summarised import asked, summary_of
from worker.summaries.writing import MOST_PARTS_SMALL

PAGE = "The crew of boat number 77 sailed to the island and came back in the evening. " * 20


def counted(request: Any) -> Any:
    """As llama.cpp counts: here a word is two tokens."""
    return {"tokens": [0] * 2 * len(request.get("content", "").split())}


def counted_as_vllm(request: Any) -> Any:
    """It calls the text a prompt, and gives a count."""
    return {"count": 2 * len(request.get("prompt", "").split()), "max_model_len": 2048, "tokens": []}


@pytest.mark.parametrize("counts", [counted, counted_as_vllm, None])
async def test_a_long_text_is_read_in_parts_none_of_which_is_cut(
    counts: Callable[[Any], Any] | None, lied_to: FakeContext, faulty: FaultyServer
) -> None:
    """By the server's own count, or by a careful guess; progress is told."""
    faulty.counts, faulty.body = counts, completion("The crew sailed to the island.")
    pages = [f"Page {number}. {PAGE}" for number in range(20)]
    found = await summary_of("\f".join(pages), lied_to, summary_most_parts=99)
    assert found.summary == "The crew sailed to the island."
    assert (found.read, found.parts) == (1.0, len(faulty.requests) - 1)
    assert found.parts > 2
    sent = "".join(map(asked, faulty.requests))
    assert all(f"Page {number}." in sent for number in range(20))
    assert not any("[\u2026]" in asked(request) for request in faulty.requests)
    assert lied_to.reported[-1] == (found.parts, found.parts)


async def test_the_servers_count_decides_and_not_the_guess(lied_to: FakeContext, faulty: FaultyServer) -> None:
    """The same text fits at once where its words are half a token each."""
    faulty.body = completion("The crew sailed to the island.")
    faulty.counts = lambda request: {"tokens": [0] * (len(request.get("content", "").split()) // 2)}
    assert (await summary_of(PAGE * 8, lied_to)).parts == 1
    assert len(faulty.requests) == 1


async def test_a_server_that_finds_more_tokens_than_were_guessed_gets_less(
    lied_to: FakeContext, faulty: FaultyServer
) -> None:
    """In halves: nothing is left out."""
    faulty.body, faulty.longest = completion("The crew sailed to the island."), 1200
    found = await summary_of(PAGE + "The last word.", lied_to)
    assert found.read == 1.0
    assert "The last word." in "".join(asked(r) for r in faulty.requests if len(asked(r)) <= 1200)


async def test_beyond_the_most_parts_some_are_read_evenly_and_the_summary_says_so(
    lied_to: FakeContext, faulty: FaultyServer
) -> None:
    """The first and the last among them."""
    faulty.body = completion("The crew sailed to the island.")
    text = "\f".join(f"Page {number}. {PAGE}" for number in range(60))
    found = await summary_of(text, lied_to, summary_most_parts=4)
    assert (found.parts, len(faulty.requests)) == (4, 5)
    assert 0 < found.read < 0.5
    sent = "".join(map(asked, faulty.requests))
    assert "Page 0." in sent and "Page 59." in sent
    faulty.requests.clear()
    assert (await summary_of(text, lied_to)).parts == MOST_PARTS_SMALL, "a context of 2,048 tokens"
    faulty.context = 8192
    lied_to.models["llm"] = loader_of("llm")(Settings(llm_url=faulty.url, llm_model="m"))
    assert (await summary_of(text, lied_to)).read == 1.0
    await lied_to.models["llm"].client.close()


async def test_many_notes_are_merged_in_several_rounds(lied_to: FakeContext, faulty: FaultyServer) -> None:
    """Until they fit together."""
    faulty.body = completion("The crew of boat number 77 sailed to the island and came back in the evening. " * 2)
    text = "\f".join(f"Page {number}. {PAGE}" for number in range(200))
    found = await summary_of(text, lied_to, 100, summary_most_parts=200)
    assert found.read == 1.0 and not lied_to.uncached
    assert len(faulty.requests) > found.parts + 2


async def test_when_the_time_is_short_what_was_read_is_merged(lied_to: FakeContext, faulty: FaultyServer) -> None:
    """Before the step's limit; one part at least is read."""
    faulty.body = completion("The crew sailed to the island.")
    lied_to.deadline = time.monotonic() - 1
    found = await summary_of("\f".join(PAGE for _ in range(30)), lied_to)
    assert found.summary
    assert 1 <= found.parts <= 4 and found.read < 1
    assert lied_to.uncached, "another run may have more time"


async def test_cancelling_closes_the_requests(lied_to: FakeContext, faulty: FaultyServer) -> None:
    """Of all parts."""
    faulty.holding = True
    tasks = [asyncio.create_task(summary_of("\f".join(PAGE for _ in range(30)), lied_to))]
    async with asyncio.timeout(20):
        while faulty.under_way < 2:
            await asyncio.sleep(0.01)
    tasks[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
    assert await asyncio.to_thread(faulty.abandoned.wait, 10)


async def test_a_part_that_fails_is_the_steps_failure(lied_to: FakeContext, faulty: FaultyServer) -> None:
    """As it is, and not in a group: the lane knows what to do with it."""
    faulty.status, faulty.body = 503, {"error": {"message": "not now"}}
    await lied_to.models["llm"].client.context()
    with pytest.raises(Unavailable, match="not now"):
        await summary_of("\f".join(PAGE for _ in range(30)), lied_to)
