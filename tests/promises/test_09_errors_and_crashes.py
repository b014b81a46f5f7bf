"""Promise 9: errors and crashes are counted apart, and a dead letter says how it died."""

from pathlib import Path

import pytest

from orchestrator.client import Mill
from tests.conftest import PIPELINES, MakeEngine
from tests.support.pipelines import chain, shouting
from tests.support.workers import effects, running_worker

ALL = ",".join(PIPELINES)


def test_three_deaths_make_a_job_poison(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    for incarnation in ("i1", "i2", "i3"):
        slot = engine.slot(incarnation=incarnation)
        job = slot.take()
        assert job.attempt == 1
        slot.crash()
    head = engine.head(document)
    assert (head["status"], head["one.state"]) == ("failed", "failed")
    assert "Poison" in head["error"]
    assert len(engine.log(document)) == 3


def test_deaths_do_not_use_up_retries_nor_retries_deaths(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    slot = engine.slot()
    slot.take()
    slot.crash()
    slot = engine.slot(incarnation="i2")
    for attempt in (1, 2):
        job = slot.take()
        assert job.attempt == attempt
        slot.fail(job)
    slot.complete(slot.take())
    assert slot.work_off() == ["two", "three", "four"]
    assert engine.head(document)["status"] == "succeeded"


@pytest.mark.parametrize("cause", ["died", "limit", "memory"])
def test_of_several_jobs_in_a_process_none_is_blamed_and_each_runs_alone(make_engine: MakeEngine, cause: str) -> None:
    engine = make_engine(chain)
    documents = engine.submit(chain, text="a"), engine.submit(chain, text="b")
    slot = engine.slot()
    jobs = slot.claim(want=2).jobs
    held, back = slot.crash(cause, token=jobs[0].token)
    assert held
    assert back == [job.job for job in jobs]
    for document in documents:
        head, run = engine.head(document), engine.run(document, "one")
        assert (head["one.state"], run.attempts, run.apart) == ("ready", 0, "alone")
        assert not head.keys() & {"one.deaths", "one.memory"}


def test_an_item_that_kills_its_process_fails_its_document_and_says_so(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document = engine.submit(shouting, text="a b")
    slot = engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    for incarnation in ("i2", "i3", "i4"):
        slot.crash()
        slot = engine.slot(incarnation=incarnation)
        assert slot.take().index == 0
    slot.crash()
    assert engine.head(document)["status"] == "failed"


async def test_a_step_that_kills_its_process_becomes_a_dead_letter_that_says_how(mill: Mill, tmp_path: Path) -> None:
    with running_worker(mill.settings.redis_url or "", tmp_path, slots="cpu*1", pipelines=ALL):
        async with mill:
            found = await mill.wait(await mill.submit("moods", {"text": "die"}), 90)
    assert found.status == "failed"
    assert len(effects(tmp_path)) == 3
    assert all("SIGKILL, peak memory" in line for line in found.log)
