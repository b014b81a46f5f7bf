"""What happens to a document: the happy path, one idea a test."""

from orchestrator.client import Mill


async def test_a_document_goes_through_its_pipeline(mill: Mill) -> None:
    document = await mill.submit("chain", {"text": "hello"})
    found = await mill.wait(document, 30)
    assert found.status == "succeeded"
    assert [(step.name, step.state) for step in found.steps] == [
        ("one", "done"),
        ("two", "done"),
        ("three", "done"),
        ("four", "done"),
    ]


async def test_outputs_are_kept_by_step(mill: Mill) -> None:
    found = await mill.wait(await mill.submit("chain", {"text": "hello"}), 30)
    assert found.outputs == {"one": "hello", "two": "hello", "three": "hello", "four": "hello"}


async def test_a_list_fans_out_and_comes_together_in_order(mill: Mill) -> None:
    found = await mill.wait(await mill.submit("shouting", {"text": "one two three"}), 30)
    assert found.outputs["join"] == "ONE TWO THREE"
    shout = next(step for step in found.steps if step.name == "shout")
    assert (shout.done, shout.total) == (3, 3)


async def test_an_async_step_runs_beside_others(mill: Mill) -> None:
    found = await mill.wait(await mill.submit("shouting", {"text": "well done"}), 30)
    assert found.outputs["keep"] == {"text": "WELL DONE", "praised": "WELL DONE!"}


async def test_a_map_over_a_map(mill: Mill) -> None:
    found = await mill.wait(await mill.submit("chained", {"text": "a b"}), 30)
    assert found.outputs["join"] == "A! B!"


async def test_on_finish_is_a_document_of_its_own(mill: Mill) -> None:
    document = await mill.submit("shouting", {"text": "a"})
    await mill.wait(document, 30)
    finish = await mill.wait(f"{document}.finish", 30)
    assert finish.outputs == {"tell": "succeeded"}


async def test_a_step_may_go_to_another_lane_for_one_document(mill: Mill) -> None:
    document = await mill.submit("chain", {"text": "a"}, lanes={"two": "gpu"})
    found = await mill.wait(document, 30)
    assert [step.lane for step in found.steps] == ["cpu", "gpu", "cpu", "cpu"]


async def test_a_document_may_start_later(mill: Mill) -> None:
    document = await mill.submit("chain", {"text": "a"}, delay=1.0)
    assert (await mill.get(document)).steps[0].state == "delayed"
    assert (await mill.wait(document, 30)).status == "succeeded"


async def test_large_values_travel_by_reference(mill: Mill) -> None:
    text = "x" * 200_000
    document = await mill.submit("chain", {"text": text})
    found = await mill.wait(document, 30)
    assert "blob" in found.outputs["four"]
    stored = await mill.transport.send(mill.calls.values(document, ["input"]))
    assert stored == [f"@{document}/input.json".encode()], "Redis holds the reference"
    assert await mill.output(document, "four") == text
