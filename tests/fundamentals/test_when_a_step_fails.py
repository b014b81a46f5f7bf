"""What a step's exception means for its document."""

import pytest

from orchestrator.client import Mill
from orchestrator.errors import NotFound, UsageError


async def test_an_exception_is_tried_again_and_then_fails_the_document(mill: Mill) -> None:
    found = await mill.wait(await mill.submit("moods", {"text": "broken"}), 30)
    assert found.status == "failed"
    assert found.steps[0].attempts == 3, "two retries after the first run"
    assert "always" in found.log[-1]


async def test_fatal_fails_at_once_with_a_reason_for_people(mill: Mill) -> None:
    found = await mill.wait(await mill.submit("moods", {"text": "fatal"}), 30)
    assert (found.status, found.steps[0].attempts) == ("failed", 1)
    assert found.error == "moody: the file is empty"


async def test_retry_runs_again_after_the_delay_it_asks_for(mill: Mill) -> None:
    found = await mill.wait(await mill.submit("moods", {"text": "again"}), 30)
    assert (found.status, found.steps[0].attempts) == ("succeeded", 2)


async def test_what_is_down_is_waited_for_without_using_up_attempts(mill: Mill) -> None:
    document = await mill.submit("moods", {"text": "down"})
    found = await mill.wait(document, 3)
    assert found.status == "running"
    assert (found.steps[0].attempts, found.steps[0].state) in {(0, "delayed"), (0, "ready"), (0, "leased")}
    assert found.steps[0].deliveries > 1
    assert found.steps[0].error == "the LLM server at http://127.0.0.1:9 does not answer"
    assert len(found.log) == 1, "said once, however often it is tried"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"pipeline": "nosuch"}, "use one of"),
        ({"priority": 10}, "use 9 \\(urgent\\) to 0"),
        ({"lanes": {"one": "nosuch"}}, "use one of"),
        ({"lanes": {"five": "cpu"}}, "it has one, two, three, four"),
        ({"lanes": {"one": "llm"}}, "not async"),
        ({"parameters": {}}, "needs the parameter 'text'"),
        ({"parameters": {"text": 1}}, "Expected `str`"),
        ({"parameters": {"text": "a", "colour": "red"}}, "it takes text"),
    ],
)
async def test_what_cannot_be_is_refused_with_what_can(mill: Mill, options: dict[str, object], says: str) -> None:
    asked = {"pipeline": "chain", "parameters": {"text": "a"}} | options
    with pytest.raises(UsageError, match=says):
        await mill.submit(asked.pop("pipeline"), asked.pop("parameters"), **asked)  # pyright: ignore


async def test_an_unknown_document_is_said_to_be_unknown(mill: Mill) -> None:
    with pytest.raises(NotFound, match="never submitted, was purged"):
        await mill.get("0-1abc")
