"""The LLM lane as a whole: a real worker and Redis, and an LLM server that is down, busy, silent or left alone."""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from orchestrator.client import Mill
from orchestrator.settings import Settings
from tests.documents.asking import ASKING
from tests.documents.fakes import free_port
from tests.documents.llm_server import FaultyServer, completion, faulty_server
from tests.support.server import Server
from tests.support.workers import Worker, running_worker, wait_until

SLOTS = 8
DOCUMENTS = 100
LEAST_REST = 0.75
"""Seconds between two rounds of tries: the shortest delay of a first one."""
PROMISED = 2.0
"""Seconds until cancel reaches running work."""


class Lane:
    """One worker of `SLOTS` llm slots, and a client."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server, self._folder = server, folder
        settings = Settings(redis_url=server.url, data_dir=folder / "data", pipelines=(ASKING,))
        self.mill = Mill.connect(server.url, settings)

    def worker(self, url: str, **settings: str) -> AbstractContextManager[Worker]:
        """Asks the LLM server at that URL."""
        settings = {"slots": f"llm*{SLOTS}", "pipelines": ASKING, "llm_url": url, "llm_model": "m"} | settings
        return running_worker(self._server.url, self._folder, **settings)

    async def submit(self, count: int = 1) -> list[str]:
        """Questions."""
        return [await self.mill.submit("asking", {"text": f"question {i}"}) for i in range(count)]

    async def succeeded_in(self, documents: list[str]) -> set[int]:
        """How many attempts they took, all of which succeeded."""
        found = [await self.mill.wait(document, 60) for document in documents]
        assert {one.status for one in found} == {"succeeded"}
        return {one.steps[0].attempts for one in found}

    def status(self, document: str) -> str:
        """What `docmill status` prints, spaces and line ends made one."""
        environment = {**os.environ, "DOCMILL_REDIS_URL": self._server.url, "COLUMNS": "400"}
        environment |= {"DOCMILL_PIPELINES": ASKING, "DOCMILL_DATA_DIR": str(self._folder / "data")}
        words = [Path(sys.executable).parent / "docmill", "status", document]
        return " ".join(
            subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout.split()
        )


@pytest.fixture
def lane(server: Server, tmp_path: Path) -> Lane:
    """With nothing in it."""
    return Lane(server, tmp_path)


async def test_a_busy_server_is_left_alone_and_costs_no_attempt(lane: Lane, faulty: FaultyServer) -> None:
    """100 jobs wait for it: a round of tries at a time, and `status` says why."""
    faulty.status, faulty.body = 503, {"error": {"message": "Loading model"}}
    async with lane.mill:
        documents = await lane.submit(DOCUMENTS)
        with lane.worker(faulty.url):
            wait_until(lambda: len(faulty.requests) > 2 * SLOTS or len(faulty.requests) > DOCUMENTS, "some rounds")
            passed = time.monotonic() - faulty.asked_at[0]
            assert len(faulty.requests) <= SLOTS * (1 + passed / LEAST_REST)
            told = lane.status(documents[0])
            assert "waits for its next try at" in told and "is busy or down (HTTP 503)" in told
            assert "Loading model" in told
            faulty.status, faulty.body = 200, completion("an answer")
            assert await lane.succeeded_in(documents) == {1}


async def test_retry_after_delays_the_job(lane: Lane, faulty: FaultyServer) -> None:
    """By what the server asks for, and not by the first step of the backoff."""
    faulty.status, faulty.headers = 429, {"retry-after": "3"}
    async with lane.mill:
        documents = await lane.submit()
        with lane.worker(faulty.url):
            wait_until(lambda: faulty.requests, "it is asked")
            faulty.status, faulty.body = 200, completion("an answer")
            assert await lane.succeeded_in(documents) == {1}
    first, second = faulty.asked_at
    assert second - first >= 3


async def test_a_server_that_is_not_there_yet_is_waited_for(lane: Lane) -> None:
    """Refused: the documents wait, and go on when it is there."""
    port = free_port()
    async with lane.mill:
        documents = await lane.submit(5)
        with lane.worker(f"http://127.0.0.1:{port}/v1"):
            async with asyncio.timeout(60):
                while not (log := (await lane.mill.get(documents[0])).log):
                    await asyncio.sleep(0.01)
            assert f"http://127.0.0.1:{port}/v1 does not answer" in log[0]
            with faulty_server(port) as late:
                late.body = completion("an answer")
                assert await lane.succeeded_in(documents) == {1}


async def test_a_read_timeout_is_tried_again_as_an_attempt(lane: Lane, faulty: FaultyServer) -> None:
    """With the connection closed, so that the server stops."""
    faulty.holding = True
    async with lane.mill:
        documents = await lane.submit()
        with lane.worker(faulty.url, llm_timeout="0.5"):
            assert faulty.abandoned.wait(60)
            faulty.holding, faulty.body = False, completion("an answer")
            attempts = await lane.succeeded_in(documents)
            found = await lane.mill.get(documents[0])
    assert max(attempts) >= 2
    assert "attempt: Retry:" in found.log[0] and "did not answer it in time" in found.log[0]


async def test_a_wrong_key_fails_no_document_and_its_status_says_which_setting(
    lane: Lane, faulty: FaultyServer
) -> None:
    """It is mended in a moment: until then all wait, without using up an attempt."""
    faulty.status, faulty.body = 401, {"error": {"message": "Incorrect API key provided"}}
    async with lane.mill:
        (document,) = await lane.submit()
        with lane.worker(faulty.url):
            async with asyncio.timeout(60):
                while not (found := await lane.mill.get(document)).log:
                    await asyncio.sleep(0.05)
            assert "DOCMILL_LLM_API_KEY" in found.log[0]
            faulty.status, faulty.body = 200, completion("an answer")
            found = await lane.mill.wait(document, 60)
    assert (found.status, found.steps[0].attempts) == ("succeeded", 1)


async def test_a_context_that_is_too_short_is_no_matter_of_retries(lane: Lane, faulty: FaultyServer) -> None:
    """One attempt, in which the text was made shorter and shorter."""
    faulty.longest = 0
    async with lane.mill:
        (document,) = await lane.submit()
        with lane.worker(faulty.url):
            found = await lane.mill.wait(document, 60)
    assert (found.status, found.steps[0].attempts) == ("failed", 1)
    assert "does not fit into the context of m" in (found.error or "")


async def test_cancel_closes_the_stream_and_leaves_the_others(lane: Lane, faulty: FaultyServer) -> None:
    """The server sees the connection close, within the time that cancel promises."""
    faulty.holding, faulty.body = True, completion("an answer")
    async with lane.mill:
        unwanted, wanted = await lane.submit(2)
        with lane.worker(faulty.url):
            wait_until(lambda: faulty.under_way == 2, "both are asked")
            await lane.mill.cancel(unwanted)
            assert faulty.abandoned.wait(5 * PROMISED)
            assert faulty.under_way == 1
            faulty.release.set()
            assert await lane.succeeded_in([wanted]) == {1}
            assert (await lane.mill.get(unwanted)).status == "cancelled"
