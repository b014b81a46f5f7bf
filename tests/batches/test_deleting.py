"""A document is deleted: nothing of it is left anywhere, whoever dies on the way."""

from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import create_engine, text

from orchestrator import failpoints
from orchestrator.blobs import Blobs
from orchestrator.errors import NotFound, UsageError
from orchestrator.ids import new_id
from tests.batches.conftest import Act
from tests.batches.pipelines import dawdling, keeping, obeying
from tests.batches.test_submitting import texts
from tests.support.workers import runs, wait_until
from worker.testing import TestMill

LATER = 600
"""Seconds after which what somebody left half deleted is purged."""


def redis_traces(url: str, document: str) -> list[str]:
    """Keys of the server that name a document, or hold something that does.

    But for two: the live page's stream forgets by itself, and that it was there is remembered, so that it can be said.
    """
    client: Any = Redis
    with client.from_url(url, decode_responses=True) as redis:
        keys = [key for key in redis.scan_iter() if not key.endswith((":events", ":gone"))]
        return [key for key in keys if document in key or document in _held(redis, key)]


def _held(redis: Any, key: str) -> str:
    readers: dict[str, Any] = {
        "hash": lambda: redis.hgetall(key),
        "zset": lambda: redis.zrange(key, 0, -1),
        "set": lambda: redis.smembers(key),
        "list": lambda: redis.lrange(key, 0, -1),
        "string": lambda: redis.getrange(key, 0, 1000),
        "stream": lambda: redis.xrange(key),
    }
    return str(readers[str(redis.type(key))]())


def file_traces(mill: TestMill, document: str) -> list[str]:
    """Files and rows."""
    found = [str(path) for path in mill.settings.data_dir.rglob("*") if document in str(path)]
    with create_engine(f"sqlite:///{mill.settings.data_dir / 'results.db'}").connect() as connection:
        for table in ("documents", "fields", "checks", "failed_pages"):
            column = "id" if table == "documents" else "document"
            rows = connection.execute(text(f"SELECT count(*) FROM {table} WHERE {column} = :d"), {"d": document})
            found += [table] * (rows.scalar() or 0)
    return found


def traces(mill: TestMill, document: str) -> list[str]:
    return redis_traces(mill.url, document) + file_traces(mill, document)


@pytest.fixture
def kept(mill: TestMill, act: Act) -> str:
    """A document that left a trace everywhere."""
    document = mill.submit(keeping, text="a")
    act(lambda c: c.reprioritise(document, 9))  # its log has a line
    mill.run_until_idle()
    mill.client.retry(document, start="keep")
    mill.run_until_idle()
    assert mill.get(document).flags == ["odd"] and mill.get(document).log
    left = " ".join(traces(mill, document))
    for part in (
        "retention",
        "by:odd",
        "by:succeeded",
        ":log",
        "cached:",
        ".finish",
        ".finish1",
        "fields",
        "/results/",
        "/enlarge/",
    ):
        assert part in left
    return document


def test_nothing_is_left(mill: TestMill, act: Act, kept: str) -> None:
    other = mill.submit(keeping, text="b")
    mill.run_until_idle()
    act(lambda c: c.delete(kept))
    assert traces(mill, kept) == []
    assert mill.get(other).status == "succeeded"
    assert len(traces(mill, other)) > 10
    with pytest.raises(NotFound, match="is gone: it was purged at 2"):
        act(lambda c: c.delete(kept))
    assert Blobs(f"{mill.settings.blobs}/cache").folders() != [], "the other one's"


@pytest.mark.parametrize("place", ["delete.results", "delete.marked", "delete.files"])
def test_whoever_deletes_may_die_half_way(mill: TestMill, act: Act, kept: str, place: str) -> None:
    failpoints.arm(f"{place}=raise")
    with pytest.raises(RuntimeError):
        act(lambda c: c.delete(kept))
    failpoints.arm("")
    if place == "delete.results":
        act(lambda c: c.delete(kept))  # nobody was told that it is gone, and it is not marked
    else:
        mill.shift(LATER + 1)
    assert traces(mill, kept) == []


def test_what_runs_is_ended_first(mill: TestMill, act: Act, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marks = tmp_path / "marks"
    monkeypatch.setenv("EFFECTS", str(marks))
    with mill.worker(dawdling, slots="cpu*1", cancel_grace=0.2) as worker:
        document = mill.client.submit(dawdling, text="a")
        wait_until(lambda: marks.exists() and marks.stat().st_size > 3, "it runs")
        (slot,) = worker.slots()
        act(lambda c: c.delete(document))
        written = marks.stat().st_size
        assert redis_traces(mill.url, document) == []
        wait_until(lambda: not runs(slot), "its process has gone")
        assert marks.stat().st_size == written
    assert document not in Blobs(mill.settings.blobs).folders()


def test_what_waits_is_cancelled_and_its_on_finish_with_it(mill: TestMill, act: Act) -> None:
    document = mill.submit(keeping, text="a")
    act(lambda c: c.delete(document))
    assert mill.run_until_idle() == []
    assert redis_traces(mill.url, document) == []


def test_a_batch_of_which_members_are_deleted(mill: TestMill, act: Act) -> None:
    batch = act(lambda c: c.submit_batch("obeying", texts(3), aggregate="telling"))
    act(lambda c: c.delete(f"{batch.id}.00002"))
    mill.run_until_idle()
    told = mill.result(batch.aggregate or "")
    assert [one["status"] for one in told] == ["succeeded", "purged", "succeeded"]
    act(lambda c: c.delete(batch.id))
    with pytest.raises(NotFound):
        act(lambda c: c.batch(batch.id))
    assert mill.get(f"{batch.id}.00001").status == "succeeded", "its documents stay"


def test_what_cannot_be_deleted_is_said(act: Act) -> None:
    batch = act(lambda c: c.submit_batch("obeying", texts(1)))
    with pytest.raises(UsageError, match=f"has not ended: docmill batch cancel {batch.id}"):
        act(lambda c: c.delete(batch.id))
    with pytest.raises(NotFound):
        act(lambda c: c.delete(new_id()))


def test_many_at_once_leave_alone_what_has_not_ended(mill: TestMill, act: Act) -> None:
    done = [mill.submit(obeying, text="a") for _ in range(60)]
    mill.run_until_idle()
    told = mill.submit(keeping, text="a")
    while mill.run_one() != [f"{told}/keep"]:
        pass
    running = mill.submit(obeying, text="b")
    gone = act(lambda c: c.delete_all([*done, told, running, new_id()]))
    assert gone == done, "the on_finish of the last but one has not ended"
    assert mill.get(running).status == "queued"
    mill.run_until_idle()
    assert act(lambda c: c.delete_all([told])) == [told]
