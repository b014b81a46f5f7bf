"""Steps that go wrong where a test says so, in the test's own process."""

from pathlib import Path

import pytest

from orchestrator import Context, Fatal, Retry, SoftLimit, pipeline, step
from orchestrator.errors import DocumentFailed, Stuck, UsageError
from tests.testing.pipelines import join, praise, say, saying, shout, shouting
from worker.testing import TestMill
from worker.testing.faults import Fault, Faults

written: list[str] = []


@step
def write(text: str, ctx: Context) -> str:
    """Leaves a trace before it says how far it is, and one after."""
    written.append(f"{text} {ctx.attempt}")
    ctx.progress(1, 2)
    written.append("after")
    return text


@pipeline()
def writing(text: str) -> str:
    """One step that leaves traces."""
    return write(text)


def test_a_step_fails_once_and_is_retried_after_its_delay(mill: TestMill) -> None:
    mill.fail_once(shout)
    document = mill.submit(shouting, text="a b")
    assert mill.run_until_idle() == [f"{document}/{job}" for job in ("split", "shout[0]", "shout[1]")]
    assert f"{document}/shout[0]" in mill.run_until_idle(through_delays=True)
    assert mill.result(document) == "A B!"
    assert "shout[0] attempt: RuntimeError: the test lets this step fail" in mill.get(document).log[0]


def test_a_step_fails_as_often_as_is_said(mill: TestMill) -> None:
    mill.fail(say, KeyError("gone"), times=2)
    document = mill.submit(saying, text="a")
    mill.run_until_idle(through_delays=True)
    assert mill.get(document).steps[0].attempts == 3 and mill.result(document) == "a"


def test_a_step_that_always_fails_fails_its_document(mill: TestMill) -> None:
    mill.fail(say)
    with pytest.raises(DocumentFailed, match="say: RuntimeError"):
        mill.run(saying, text="a")


def test_any_error_may_be_raised_also_one_of_a_function_of_the_test(mill: TestMill) -> None:
    class Own(Exception):
        pass

    mill.fail_once(say, Own("mine"))
    mill.fail_once(say, Retry(0.5, "busy"))
    document = mill.submit(saying, text="a")
    mill.run_until_idle(through_delays=True)
    assert [line.split(" ", 2)[2] for line in mill.get(document).log][1:] == ["attempt: Retry: busy"]
    assert "Own: mine" in mill.get(document).log[0]


def test_an_error_comes_where_it_is_said(mill: TestMill) -> None:
    for at, traces in (("start", []), ("progress", ["a 1"]), ("end", ["a 1", "after"])):
        written.clear()
        mill.fail_once(write, SoftLimit("time is up"), at=at)
        mill.submit(writing, text="a")
        mill.run_one()
        assert written == traces


def test_a_death_is_counted_as_one_and_the_job_runs_again(mill: TestMill) -> None:
    written.clear()
    mill.kill_mid_step(write)
    document = mill.submit(writing, text="a")
    assert mill.run_until_idle() == [f"{document}/write"] * 2
    step = mill.get(document).steps[0]
    assert (step.attempts, step.deliveries, mill.result(document)) == (1, 2, "a")
    assert "write died: SIGKILL" in mill.get(document).log[0]
    assert written == ["a 1", "after", "a 1", "after"], "it had done its work before it died"


def test_three_deaths_are_poison(mill: TestMill) -> None:
    mill.kill_mid_step(praise, at="progress", times=3)
    with pytest.raises(DocumentFailed, match="Poison"):
        mill.run(shouting, text="a")


def test_a_lost_lease_is_given_out_again_and_the_late_run_is_refused(mill: TestMill) -> None:
    written.clear()
    mill.lose_lease(write, at="progress")
    document = mill.submit(writing, text="a")
    assert mill.run_until_idle() == [f"{document}/write"] * 2
    assert written == ["a 1", "after"] * 2
    step = mill.get(document).steps[0]
    assert (step.attempts, step.deliveries) == (1, 2), "a lost lease is no attempt"
    assert "did not renew its lease" in mill.get(document).log[0]


def test_a_fault_that_never_struck_is_told(mill: TestMill) -> None:
    mill.fail_once("shuot")
    mill.fail("say", times=None)
    mill.run(shouting, text="a")
    with pytest.raises(Stuck, match="faults that were to strike did not: shuot did not run"):
        mill.check_faults()
    (mill.faults.folder / "shuot" / "000000").unlink()


def test_a_point_that_a_run_never_comes_to_fails_it(mill: TestMill) -> None:
    mill.fail_once(join, at="progress")
    document = mill.submit(shouting, text="a")
    mill.run_until_idle()
    assert "step 'join' makes no such call" in mill.get(document).log[0]


def test_a_point_that_there_is_not_is_refused(mill: TestMill) -> None:
    with pytest.raises(UsageError, match="no point 'middle' in a step: use one of start, end, progress"):
        mill.fail_once(join, at="middle")


@pytest.mark.parametrize("error", [Retry(7.5, "busy"), Fatal("no"), OSError(2, "none", "a"), KeyError("k")], ids=repr)
def test_errors_reach_another_process_whole(tmp_path: Path, error: Exception) -> None:
    Faults(tmp_path).add("say", Fault("raise", "start", error))
    found = Faults(tmp_path).take("say")
    assert found is not None and found.error is not None
    assert (type(found.error), str(found.error), vars(found.error)) == (type(error), str(error), vars(error))
    assert Faults(tmp_path).take("say") is None, "it strikes once, whoever takes it"


def test_an_error_that_cannot_reach_another_process_says_so(tmp_path: Path) -> None:
    class Own(Exception):
        pass

    Faults(tmp_path).add("say", Fault("raise", "start", Own()))
    with pytest.raises(UsageError, match="define its class at the top of a module"):
        Faults(tmp_path).take("say")
