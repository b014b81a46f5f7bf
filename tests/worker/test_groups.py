"""The setting `slots`, read."""

import pytest

from orchestrator.errors import UsageError
from worker.supervision.groups import parse_groups


def test_the_usual_slots() -> None:
    gpu, llm, cpu = parse_groups("gpu*1 llm*8 cpu*2")
    assert (gpu.processes, gpu.lanes, gpu.shared) == (1, ("gpu",), False)
    assert (llm.processes, llm.slots_per_process, llm.shared) == (1, 8, True)
    assert (cpu.processes, cpu.slots_per_process) == (2, 1)


def test_a_slot_may_serve_lanes_in_order() -> None:
    (group,) = parse_groups("both*1:gpu,cpu")
    assert group.lanes == ("gpu", "cpu")


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "names no slot"), ("GPU!", "is not NAME"), ("quantum*1", "use one of"), ("both:gpu,llm", "mixes lanes")],
)
def test_what_cannot_be_read_is_refused(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse_groups(text)
