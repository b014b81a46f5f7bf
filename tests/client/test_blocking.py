"""The blocking client among threads, loops, signals and forks."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from orchestrator import AsyncClient, Client
from orchestrator.clients.session import Session
from orchestrator.errors import UsageError
from orchestrator.settings import Settings
from tests.support.server import Server
from tests.support.workers import ROOT, wait_until


def mill_threads() -> list[threading.Thread]:
    """Those of clients."""
    return [thread for thread in threading.enumerate() if thread.name == "docmill"]


def test_many_threads_on_one_client(client: Client) -> None:
    def work(number: int) -> list[int]:
        return client.result(client.submit("counting", parameters={"text": "a", "priority": number}), timeout=30)

    with ThreadPoolExecutor(16) as threads:
        assert [*threads.map(work, range(60))] == [[*range(number)] for number in range(60)]
    assert len(mill_threads()) == 1


def test_threads_that_use_a_new_client_at_once_share_its_connection(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as threads, closing(Client(settings=settings)) as client:
        asked = [threads.submit(client.perform, Session.connect) for _ in range(8)]
        assert len({id(answer.result(20)) for answer in asked}) == 1
        assert len(mill_threads()) == 1


async def test_one_connection_for_all_who_ask_at_once(settings: Settings) -> None:
    client = AsyncClient(settings=settings)
    mills = await asyncio.gather(*(client.perform(Session.connect) for _ in range(8)))
    await client.close()
    assert len({id(mill) for mill in mills}) == 1


async def test_inside_a_running_loop(client: Client) -> None:
    """It blocks that loop, and works; from a thread of it, it does not even block."""
    document = client.submit("counting", text="a")
    assert await asyncio.to_thread(client.result, document, timeout=20) == [0, 1, 2]
    assert client.get(document).status == "succeeded"


@pytest.fixture
def interrupting() -> Iterator[None]:
    """A Ctrl-C of the main thread, in a moment."""
    timer = threading.Timer(0.3, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT))
    timer.start()
    yield
    timer.join()


def test_a_wait_is_interrupted(client: Client, interrupting: None, server: Server) -> None:
    document = client.submit("waiting", text="a")
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        client.wait(document)
    assert time.monotonic() - begun < 5
    channel = f"docmill:{{s0}}:doc:{document}"
    wait_until(lambda: not server.redis.execute_command("PUBSUB", "SHARDNUMSUB", channel)[1], "nobody listens")
    assert client.cancel(document) == "cancelled"


def test_a_client_that_is_closed_says_so(settings: Settings) -> None:
    client = Client(settings=settings)
    document = client.submit("waiting", text="a")
    with ThreadPoolExecutor(1) as threads:
        waits = threads.submit(client.wait, document)
        wait_until(lambda: waits.running(), "it waits")
        client.close()
        with pytest.raises(UsageError, match="was closed"):
            waits.result(10)
    with pytest.raises(UsageError, match="was closed"):
        client.get(document)
    client.close()
    assert mill_threads() == []


async def test_an_async_client_that_is_closed_says_so(settings: Settings) -> None:
    client = AsyncClient(settings=settings)
    document = await client.submit("waiting", text="a")
    waits = asyncio.create_task(client.wait(document))
    follows = asyncio.create_task(anext(client.events(document, after=new_event(), timeout=20)))
    await asyncio.sleep(0.2)
    await client.close()
    for problem in await asyncio.wait_for(asyncio.gather(waits, follows, return_exceptions=True), 5):
        assert isinstance(problem, UsageError), problem
    with pytest.raises(UsageError, match="was closed"):
        await client.get(document)


async def test_a_call_that_is_cancelled_is_cancelled(async_client: AsyncClient) -> None:
    document = await async_client.submit("waiting", text="a")
    waits = asyncio.create_task(async_client.wait(document))
    await asyncio.sleep(0.2)
    waits.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(waits, 5)
    assert await async_client.cancel(document) == "cancelled"


def new_event() -> str:
    """The id of an event that is later than all there are."""
    return f"{int(time.time() * 1000) + 60_000}-00000000"


def test_an_async_client_belongs_to_one_loop(settings: Settings) -> None:
    client = AsyncClient(settings=settings)

    async def twice() -> None:
        with pytest.raises(UsageError, match="another event loop"):
            await client.lanes()

    async def once() -> None:
        await client.lanes()
        await asyncio.to_thread(lambda: asyncio.run(twice()))
        await client.close()

    asyncio.run(once())


def test_a_client_that_is_forgotten_ends_its_thread(settings: Settings) -> None:
    client = Client(settings=settings)
    client.lanes()
    del client
    gc.collect()
    wait_until(lambda: not mill_threads(), "the thread has ended")


def test_a_fork_goes_on_with_a_connection_of_its_own(client: Client) -> None:
    """In the middle of the parent's calls; and the parent goes on with its."""
    document = client.submit("counting", text="a")
    child = os.fork()
    if not child:
        status = 1
        try:
            client.result(document, timeout=20)
            status = 0 if client.submit("counting", text="b") != document else 2
        finally:
            os._exit(status)
    assert client.result(document, timeout=20) == [0, 1, 2]
    _, code = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(code) == 0
    assert client.get(document).status == "succeeded"


PROGRAM = """
from orchestrator import Client
client = Client()
print(client.result(client.submit("counting", text="a"), timeout=20))
"""


def test_a_program_that_never_closes_its_client_ends_quietly(settings: Settings) -> None:
    environment = {
        **os.environ,
        "DOCMILL_REDIS_URL": settings.redis_url or "",
        "DOCMILL_DATA_DIR": str(settings.data_dir),
        "DOCMILL_PIPELINES": ",".join(settings.pipelines),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("[0, 1, 2]\n", "", 0)
