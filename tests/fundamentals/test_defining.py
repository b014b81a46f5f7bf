"""Steps and pipelines: what they are, and the faults that are found when they are defined."""

import pytest

from orchestrator import Finished, lane, pipeline, step
from orchestrator.errors import PipelineError, UsageError


@step
def words(text: str) -> list[str]:
    return text.split()


@step
def count(words: list[str]) -> int:
    return len(words)


@step
def upper(word: str) -> str:
    return word.upper()


def test_the_id_follows_the_graph_and_not_the_label() -> None:
    def counting(text: str) -> int:
        return count(words(text))

    first, again = pipeline(version="1")(counting), pipeline(version="2 (a label)")(counting)
    assert first.id.startswith("counting@")
    assert first.id == again.id


def test_another_graph_is_another_id() -> None:
    def counting(text: str) -> int:
        return count(words(text))

    first = pipeline()(counting)

    def louder(text: str) -> int:
        return count(upper.map(words(text)))

    louder.__name__ = "counting"
    assert pipeline()(louder).id != first.id


def test_types_that_do_not_fit_are_named() -> None:
    with pytest.raises(PipelineError, match="'count' wants list\\[str\\] for 'words', but 'text' gives str"):

        @pipeline()
        def wrong(text: str) -> int:
            return count(text)  # pyright: ignore


def test_a_value_that_does_not_exist_yet_cannot_be_looked_at() -> None:
    with pytest.raises(PipelineError, match="Do it inside a step"):

        @pipeline()
        def wrong(text: str) -> int:
            return count(words(text)) if words(text) else 0


def test_a_sync_step_in_a_shared_lane_is_refused() -> None:
    with pytest.raises(PipelineError, match="write it as `async def`"):

        @step(lane="llm")
        def blocking(text: str) -> str:
            return text


def test_an_unknown_lane_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="use one of cpu, gpu"):

        @step(lane="quantum")
        def never(text: str) -> str:
            return text


def test_a_lane_of_ones_own() -> None:
    @step(lane=lane("realtime"))
    def fast(text: str) -> str:
        return text

    assert fast.lane == "realtime"


def test_a_map_needs_a_list() -> None:
    with pytest.raises(PipelineError, match="needs a list"):

        @pipeline()
        def wrong(text: str) -> list[str]:
            return upper.map(upper(text))


def test_missing_types_are_named() -> None:
    with pytest.raises(PipelineError, match="'text' needs a type"):

        @step
        def untyped(text) -> str:  # type: ignore[no-untyped-def]  # pyright: ignore
            return text  # pyright: ignore


def test_on_finish_takes_a_finished() -> None:
    with pytest.raises(PipelineError, match="must take one parameter of type Finished"):

        @pipeline(on_finish=upper)
        def wrong(text: str) -> str:
            return upper(text)

    assert Finished("1", "succeeded", "p@1").status == "succeeded"
