"""The LLM lane, request by request: how many are under way, and what each failure of a server means for a job."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from orchestrator import Retry, Unavailable
from orchestrator.cli.doctor.llm import check_llm
from orchestrator.models import loader_of
from orchestrator.registry import Registry
from orchestrator.settings import Settings
from tests.documents.fakes import free_port
from tests.documents.llm_server import FaultyServer, completion
from worker.models.llm import LLM

SLOTS = 3
"""Of the fixture `llm`."""


async def until(condition: Callable[[], object]) -> None:
    """As `wait_until`, beside the request in this loop."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def test_as_many_requests_are_under_way_as_the_process_has_slots(faulty: FaultyServer, llm: LLM) -> None:
    """No fewer (each waits until all `SLOTS` are there), no more, over as many connections, which are kept."""
    together = Barrier(SLOTS)

    def meet(_: Any) -> Any:
        try:
            together.wait(10)
        except BrokenBarrierError:
            faulty.status = 500
        return completion("met")

    await llm.client.context()
    faulty.answer = meet
    replies = await asyncio.gather(*(llm.write("text", "Ask.", 5) for _ in range(4 * SLOTS)))
    assert [reply.content for reply in replies] == ["met"] * 4 * SLOTS
    assert faulty.most_under_way == SLOTS
    assert faulty.connections == SLOTS


@pytest.mark.parametrize(
    ("advice", "seconds"),
    [("7", 7), ("0", 0.5), ("-3", 0.5), ("1e9", 300), ("nan", None), ("soon", None), ("", None)],
)
async def test_retry_after_is_believed_within_reason(
    advice: str, seconds: float | None, faulty: FaultyServer, llm: LLM
) -> None:
    """One of 0 would let the whole lane knock without a pause."""
    faulty.status, faulty.headers = 503, {"retry-after": advice}
    with pytest.raises(Unavailable) as raised:
        await llm.write("text", "Ask.", 5)
    assert raised.value.after == seconds


async def test_retry_after_may_be_a_date(faulty: FaultyServer, llm: LLM) -> None:
    """As proxies send it."""
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    faulty.status, faulty.headers = 429, {"retry-after": when}
    with pytest.raises(Unavailable) as raised:
        await llm.write("text", "Ask.", 5)
    assert 50 < (raised.value.after or 0) <= 60


@pytest.mark.parametrize(
    ("status", "names"),
    [(401, ["DOCMILL_LLM_API_KEY"]), (403, ["DOCMILL_LLM_API_KEY"]), (404, ["DOCMILL_LLM_MODEL", "DOCMILL_LLM_URL"])],
)
async def test_a_wrong_key_model_or_address_names_the_setting(
    status: int, names: list[str], faulty: FaultyServer, llm: LLM
) -> None:
    """Whoever mends the setting frees every document that waits for it; none has failed meanwhile."""
    faulty.status, faulty.body = status, {"error": {"message": "The model `m` does not exist."}}
    with pytest.raises(Unavailable, match="does not exist") as raised:
        await llm.write("text", "Ask.", 5)
    assert all(name in str(raised.value) for name in [*names, faulty.url])


async def test_a_read_timeout_is_an_attempt_and_closes_the_connection(faulty: FaultyServer) -> None:
    """So that the server stops, too."""
    llm: LLM = loader_of("llm")(Settings(llm_url=faulty.url, llm_model="m", llm_timeout=0.3))
    await llm.client.context()
    faulty.holding = True
    with pytest.raises(Retry, match="did not answer it in time") as raised:
        await llm.write("text", "Ask.", 5)
    assert raised.value.after is None, "the step's own backoff"
    await until(faulty.abandoned.is_set)
    assert len(faulty.requests) == 1
    await llm.client.close()


async def test_a_connection_that_is_closed_under_way_is_an_attempt(faulty: FaultyServer, llm: LLM) -> None:
    """This request may be what ends the server: else one document could end it for ever."""
    faulty.hang_up = True
    with pytest.raises(Retry, match="closed the connection"):
        await llm.write("text", "Ask.", 5)


async def test_cancelling_the_step_closes_the_connection(faulty: FaultyServer, llm: LLM) -> None:
    """And the next request has a place in the pool."""
    await llm.client.context()
    faulty.holding = True
    tasks = [asyncio.create_task(llm.write("text", "Ask.", 5)) for _ in range(SLOTS)]
    await until(lambda: len(faulty.requests) == SLOTS)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert all(task.cancelled() for task in tasks)
    await until(lambda: faulty.under_way == 0)
    assert faulty.abandoned.is_set()
    faulty.holding, faulty.body = False, completion("after")
    assert (await llm.write("text", "Ask.", 5)).content == "after"


def test_doctor_asks_the_server_too(faulty: FaultyServer) -> None:
    """Whether it answers, takes the key and has the model; each fault with its setting."""

    def found(model: str = "m", url: str = faulty.url) -> tuple[str, str]:
        (finding,) = check_llm(Settings(llm_url=url, llm_model=model), Registry([]))
        return finding.state, finding.fix

    assert found() == ("ok", "")
    assert found(model="another") == ("fail", "set DOCMILL_LLM_MODEL to one of: m")
    assert "DOCMILL_LLM_URL" in found(url=f"http://127.0.0.1:{free_port()}/v1")[1]
    faulty.key = "secret"
    assert "DOCMILL_LLM_API_KEY" in found()[1]
