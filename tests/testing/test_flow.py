"""Batches, lanes that are paced, checkpoints: what else holds a document, a test brings to its end as well."""

from orchestrator import Context, EndedBatch, Fatal, pipeline, step
from orchestrator.clients.session import Session
from tests.testing.pipelines import say, saying
from worker.testing import TestMill

begun: list[int] = []


@step
def tally(batch: EndedBatch, ctx: Context) -> list[str]:
    """How each ended."""
    return [outcome.status for outcome in ctx.outcomes(batch)]


@pipeline()
def tallied(batch: EndedBatch) -> list[str]:
    """An aggregate."""
    return tally(batch)


@step
def count(to: int, ctx: Context) -> int:
    """Goes on where it was."""
    first = ctx.last_checkpoint(int) or 0
    begun.append(first)
    for number in range(first, to):
        ctx.checkpoint(number + 1)
    return to


@pipeline()
def counting(to: int) -> int:
    """One long step."""
    return count(to)


async def one_a_second(session: Session) -> None:
    """Bound a lane."""
    await (await session.connect()).bound_lane("cpu", rate=1)


def test_a_batch_ends_with_its_aggregate(mill: TestMill) -> None:
    mill.fail_once(say, Fatal("no"))
    lines = [{"text": "a"}, {"text": "b"}, {"text": 3}]
    batch = mill.submit_batch(saying, lines, aggregate=tallied)
    jobs = mill.run_until_idle(through_delays=True)
    assert jobs[-1].endswith("/tally")
    assert sorted(mill.output(jobs[-1].partition("/")[0], "tally")) == ["failed", "refused", "succeeded"]
    assert jobs[0].startswith(batch)


def test_a_paced_lane_gives_all_its_jobs_as_time_is_shifted(mill: TestMill) -> None:
    mill.client.perform(one_a_second)
    documents = [mill.submit(saying, text=str(index)) for index in range(3)]
    assert mill.run_until_idle() == [f"{documents[0]}/say"]
    mill.shift(1)
    assert mill.run_until_idle() == [f"{documents[1]}/say"]
    assert mill.run_until_idle(through_delays=True) == [f"{documents[2]}/say"]


def test_a_checkpoint_outlives_the_slot(mill: TestMill) -> None:
    begun.clear()
    mill.kill_mid_step(count, at="checkpoint")
    assert mill.run(counting, to=3) == 3
    assert begun == [0, 1]
