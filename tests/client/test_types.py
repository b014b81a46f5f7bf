"""What a type checker sees: pyright reads this file, strictly; run, it shows that the types do not lie."""

from collections.abc import AsyncGenerator, Coroutine, Generator
from typing import Any, assert_type

import msgspec
import pytest

from orchestrator import AsyncClient, Client
from orchestrator.clients import Event
from orchestrator.outlook.views import LaneOutlook
from orchestrator.views import Document
from orchestrator.worker_views import WorkerView


class Told(msgspec.Struct):
    """What `filed` returns."""

    name: str
    text: str


def test_a_blocking_client(client: Client) -> None:
    document = assert_type(client.submit("filed", file=b"Dear Sir", note="x"), str)
    told = assert_type(client.result(document, Told, timeout=20), Told)
    assert (told.text, type(told)) == ("Dear Sir", Told)
    assert isinstance(assert_type(client.get(document), Document), Document)
    assert isinstance(assert_type(client.wait(document), Document), Document)
    assert assert_type(client.cancel(document), str) == "succeeded"
    assert all(isinstance(one, LaneOutlook) for one in assert_type(client.lanes(), list[LaneOutlook]))
    assert all(isinstance(one, WorkerView) for one in assert_type(client.workers(), list[WorkerView]))
    assert isinstance(next(assert_type(client.list(), Generator[Document, None, None])), Document)
    assert isinstance(next(assert_type(client.events(document), Generator[Event, None, None])), Event)


async def test_one_that_is_awaited(async_client: AsyncClient) -> None:
    document = assert_type(await async_client.submit("filed", file=b"Dear Sir"), str)
    told = assert_type(await async_client.result(document, Told, timeout=20), Told)
    assert type(told) is Told
    assert isinstance(await assert_type(async_client.get(document), Coroutine[Any, Any, Document]), Document)
    assert isinstance(assert_type(await async_client.get(document), Document), Document)
    listed = assert_type(async_client.list(status="succeeded"), AsyncGenerator[Document, None])
    assert isinstance(await anext(listed), Document)
    await listed.aclose()


def test_what_is_wrong_is_seen(client: Client) -> None:
    """Each of these lines is refused by the type checker: an unneeded `ignore` would be, too."""
    with pytest.raises(TypeError):
        client.get()  # pyright: ignore[reportCallIssue]
    with pytest.raises(TypeError):
        client.list(state="failed")  # pyright: ignore[reportCallIssue]
    with pytest.raises(AttributeError):
        client.nothing  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # noqa: B018
