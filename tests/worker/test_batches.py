"""Dynamic batching for real: waiting jobs of one step in one call, each with an end of its own."""

from pathlib import Path

from orchestrator.client import Mill
from tests.support.faults import FAULTS
from tests.support.workers import effects, running_worker


def calls(folder: Path) -> list[list[str]]:
    return [line[4:] for line in effects(folder) if line[2] == "many"]


async def test_what_waits_is_run_together(faults: Mill, tmp_path: Path) -> None:
    async with faults:
        documents = [await faults.submit("together", {"text": f"t{i}"}) for i in range(20)]
        with running_worker(faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0"):
            found = [await faults.wait(document, 60) for document in documents]
    assert [document.outputs["many"] for document in found] == [f"T{i}" for i in range(20)]
    assert [len(call) for call in calls(tmp_path)] == [8, 8, 4]


async def test_a_single_one_does_not_wait_when_nothing_else_is_coming(faults: Mill, tmp_path: Path) -> None:
    with running_worker(faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0"):
        async with faults:
            found = await faults.wait(await faults.submit("together", {"text": "a"}), 60)
    assert found.outputs == {"many": "A"}
    assert calls(tmp_path) == [["a"]]


async def test_the_bad_one_of_a_batch_fails_alone(faults: Mill, tmp_path: Path) -> None:
    async with faults:
        documents = [
            await faults.submit("together", {"text": text}) for text in ("a", "b", "bad", "d", "e", "f", "g", "h")
        ]
        with running_worker(faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0"):
            found = [await faults.wait(document, 60) for document in documents]
    assert [document.status for document in found] == ["succeeded"] * 2 + ["failed"] + ["succeeded"] * 5
    assert [document.steps[0].attempts for document in found] == [1, 1, 2, 1, 1, 1, 1, 1]
    assert [len(call) for call in calls(tmp_path)][:5] == [8, 4, 2, 2, 1], "halves, until it stood alone"


async def test_kill_9_in_the_middle_of_a_batch_loses_and_doubles_nothing(faults: Mill, tmp_path: Path) -> None:
    async with faults:
        documents = [await faults.submit("together", {"text": text}) for text in ("a", "kill", "c")]
        with running_worker(faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0"):
            found = [await faults.wait(document, 60) for document in documents]
            stats = await faults.transport.send(faults.calls.stats())
    assert [document.outputs["many"] for document in found] == ["A", "KILL", "C"]
    assert all("suspect: SIGKILL" in document.log[0] for document in found)
    assert sorted(call[0] for call in calls(tmp_path)[1:]) == ["a", "c", "kill"], "each alone, once"
    assert stats["finished:together:succeeded"] == "3"


async def test_only_what_has_the_very_same_key_runs_together(faults: Mill, tmp_path: Path) -> None:
    """Keys that JSON in Lua cannot tell apart, and inputs too large to be looked into there."""
    keys = [1234567890123456, 1234567890123457, 5]
    async with faults:
        documents = [
            await faults.submit("keyed", {"text": "x" * size, "key": key}) for key in keys for size in (1, 70_000)
        ]
        with running_worker(faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0"):
            found = [await faults.wait(document, 60) for document in documents]
    told = [int(str(document.outputs["alike"]).rpartition(" ")[2]) for document in found]
    assert told == [key for key in keys for _ in range(2)]
