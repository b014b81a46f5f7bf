"""The same faults in a worker's processes: a real SIGKILL, a real lease."""

import pytest

from orchestrator import Retry, pipeline, step
from orchestrator.errors import NotStarted, TooLate, UsageError
from tests.testing.pipelines import join, praise, saying, shout, shouting
from worker.testing import TestMill


@step
def here(text: str) -> str:
    """A step of a test's own module."""
    return text.title()


@pipeline()
def of_this_module(text: str) -> str:
    """A pipeline of it."""
    return here(text)


def test_slots_die_leases_are_lost_steps_fail_and_the_document_ends_well(mill: TestMill) -> None:
    mill.kill_mid_step(shout)
    mill.lose_lease(join)
    mill.fail_once(praise, Retry(0.01, "busy"))
    document = mill.submit(shouting, text="a b")
    own = mill.submit(of_this_module, text="ada")
    with mill.worker(slots="all*1=gpu,cpu llm*1"):
        log = " ".join(mill.wait(document).log)
        assert mill.wait(own).status == "succeeded"
    assert (mill.result(document), mill.result(own)) == ("A B!", "Ada")
    assert "died: SIGKILL, peak memory" in log and "did not renew its lease" in log and "attempt: Retry: busy" in log
    mill.check_faults()


def test_a_worker_that_cannot_start_is_not_waited_for(mill: TestMill) -> None:
    with (
        mill.worker(saying, slots="nonsense"),
        pytest.raises(NotStarted, match="the worker has ended with exit code 2"),
    ):
        mill.wait(mill.submit(saying, text="a"))


def test_what_is_waited_for_in_vain_is_told(mill: TestMill) -> None:
    document = mill.submit(saying, text="a")
    with pytest.raises(
        TooLate, match=r"has not ended after 0.1 s:\s+document .* is queued: step say is ready, and waits for"
    ):
        mill.wait(document, 0.1)


def test_a_pipeline_that_no_other_process_can_import_is_refused(mill: TestMill) -> None:
    @pipeline()
    def inner(text: str) -> str:
        return here(text)

    with pytest.raises(UsageError, match="'inner' cannot be imported by a worker's process"), mill.worker(inner):
        pass
