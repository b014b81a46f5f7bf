"""Lists of documents: newest first, all of them, by what is asked for."""

from datetime import UTC, datetime

import pytest

from orchestrator.clients import listing
from orchestrator.errors import UsageError
from orchestrator.ids import new_id
from tests.client.conftest import Both


def tenant() -> str:
    """One that no other test has."""
    return f"t-{new_id()[2:]}"


async def test_newest_first_and_all_of_them(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where there are more than a page, of several statuses, many of one millisecond."""
    monkeypatch.setattr(listing, "PAGE", 7)
    mine = tenant()
    ids = [await both.submit("waiting", text="a", tenant=mine) for _ in range(30)]
    for document in ids[::3]:
        await both.cancel(document)
    found = await both.list(tenant=mine)
    assert sorted(document.id for document in found) == sorted(ids)
    assert [d.submitted_at for d in found] == sorted((d.submitted_at for d in found), reverse=True)
    assert {document.status for document in found} == {"queued", "cancelled"}
    assert len(await both.list(tenant=mine, limit=5)) == 5
    assert [d.id for d in await both.list(limit=5)] == [d.id for d in found][:5]
    for document in ids:
        await both.cancel(document)


async def test_more_of_one_millisecond_than_a_page(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 7)
    mine = tenant()
    batch = await both.submit_batch("waiting", [{"text": "a"}] * 30, tenant=mine)
    found = await both.list(tenant=mine)
    assert len({document.submitted_at for document in found}) == 1
    assert [document.id for document in found] == [f"{batch.id}.{line:05}" for line in range(30, 0, -1)]
    await both.cancel_batch(batch.id)


async def test_only_those_that_are_asked_for(both: Both) -> None:
    mine = tenant()
    failed = await both.submit("counting", text="fail", tenant=mine)
    assert (await both.wait(failed, timeout=20)).status == "failed"
    between = (await both.get(failed)).submitted_at
    cancelled = await both.submit("waiting", text="a", tenant=mine)
    await both.cancel(cancelled)

    async def ids(**asked: object) -> list[str]:
        return [document.id for document in await both.list(tenant=mine, **asked)]

    assert await ids() == [cancelled, failed]
    assert await ids(status="failed") == await ids(pipeline="counting") == await ids(error="FATAL") == [failed]
    assert await ids(status=["failed", "succeeded"]) == [failed]
    moment = datetime.fromisoformat(between)
    assert await ids(since=moment) == [cancelled, failed]
    assert await ids(until=moment) == []
    assert await ids(since=datetime.now(UTC).timestamp() + 60) == []
    assert await ids(flag="needs_review") == []


async def test_what_cannot_be_asked_for(both: Both) -> None:
    with pytest.raises(UsageError, match="there is no status 'lost'"):
        await both.list(status="lost")
    with pytest.raises(UsageError, match="has no time zone"):
        await both.list(since=datetime(2026, 1, 1))
    with pytest.raises(UsageError, match="limit -1 is not possible"):
        await both.list(limit=-1)


async def test_a_list_that_is_left_early_ends(both: Both) -> None:
    """Without a warning of anything that was not closed."""
    await both.submit("counting", text="a")
    listed = both.client.list()
    if hasattr(listed, "__anext__"):
        await anext(listed)  # pyright: ignore
        await listed.aclose()  # pyright: ignore
    else:
        next(listed)  # pyright: ignore
        listed.close()  # pyright: ignore
