"""Batches and schedules, through each client."""

from pathlib import Path

import msgspec
import pytest

from orchestrator.batches.views import BatchView
from orchestrator.errors import NotFound, TooLate, UsageError
from orchestrator.ids import new_id
from orchestrator.schedules import Schedule
from tests.client.conftest import Both
from tests.client.pipelines import counting


@pytest.mark.parametrize("as_file", [True, False])
async def test_a_batch_from_its_lines_to_its_outcomes(both: Both, tmp_path: Path, as_file: bool) -> None:
    lines = [{"text": "a"}, {"text": "fail"}, {"texts": "b"}, {"text": "c", "priority": 0}]
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"\n".join(msgspec.json.encode({"parameters": line}) for line in lines))
    opened = await both.submit_batch(counting, path if as_file else iter(lines), name="mine")
    assert (opened.documents, opened.refused, opened.name) == (3, 1, "mine")
    ended = await both.wait_batch(opened.id, timeout=30)
    assert (ended.state, ended.succeeded, ended.failed) == ("ended", 2, 1)
    found = await both.outcomes(opened.id)
    assert [(outcome.status, outcome.output) for outcome in found] == [
        ("succeeded", [0, 1, 2]), ("failed", None), ("refused", None), ("succeeded", []),
    ]  # fmt: skip
    assert [outcome.line for outcome in await both.outcomes(opened.id, first=3)] == [3, 4]
    assert opened.id in {batch.id for batch in await both.batches()}


async def test_a_batch_is_watched_to_its_end(both: Both) -> None:
    opened = await both.submit_batch("counting", [{"text": "slow"}, {"text": "slow"}])
    shown: list[BatchView] = await both.watch_batch(opened.id, timeout=30)
    assert len(shown) > 1
    assert [view.ended for view in shown] == sorted(view.ended for view in shown)
    assert (shown[-1].state, shown[-1].succeeded) == ("ended", 2)


async def test_a_batch_is_resumed_and_cancelled(both: Both) -> None:
    batch = new_id()
    opened = await both.submit_batch("waiting", [{"text": "a"}] * 3, batch=batch)
    assert (opened.id, opened.queued) == (batch, 3)
    for ask in (both.wait_batch, both.watch_batch):
        with pytest.raises(TooLate, match=r"is closed after 0\.2 s"):
            await ask(batch, timeout=0.2)
    with pytest.raises(UsageError, match="takes no more lines") as refused:
        await both.submit_batch("waiting", [{"text": "a"}] * 4, batch=batch)
    assert batch in refused.value.__notes__[0]
    assert (await both.cancel_batch(batch)).cancelled == 3
    assert (await both.batch(batch)).state == "ended"


async def test_a_batch_that_is_not_there(both: Both) -> None:
    for ask in (both.batch, both.wait_batch, both.watch_batch, both.outcomes, both.cancel_batch):
        with pytest.raises(NotFound, match="there is no batch 0-1"):
            await ask("0-1")
    with pytest.raises(UsageError, match="cannot be read"):
        await both.submit_batch("counting", "nothing.jsonl")


async def test_a_schedule(both: Both) -> None:
    name = f"nightly-{new_id()[2:]}"
    schedule = Schedule(name, "0 3 * * *", "counting", {"text": "a"}, zone="Europe/Berlin")
    assert await both.add_schedule(schedule) == "added"
    assert await both.add_schedule(schedule) == "same"
    assert name in {kept.schedule.name for kept in await both.schedules()}
    assert await both.result(await both.run_schedule(name), timeout=20) == [0, 1, 2]
    await both.pause_schedule(name)
    assert (await both.schedule(name)).paused_at
    await both.resume_schedule(name)
    await both.remove_schedule(name)
    with pytest.raises(NotFound, match="there is no schedule"):
        await both.schedule(name)
