"""JSON answers that were cut short: asked for again with a larger limit, inside the step."""

from collections.abc import Callable
from typing import Any

import pytest

from orchestrator import Fatal, Retry
from tests.documents.fakes import FakeContext
from tests.documents.llm_server import FaultyServer, completion
from worker.models.llm import LLM, growing


def cut_below(enough: int) -> Callable[[Any], Any]:
    """A server whose JSON is whole once it may have so many tokens."""

    def answer(request: Any) -> Any:
        whole = request["max_tokens"] >= enough
        return completion('{"total": "412.80"}' if whole else '{"total": "41', "stop" if whole else "length")

    return answer


async def test_json_that_was_cut_is_asked_for_again_with_a_larger_limit(faulty: FaultyServer, llm: LLM) -> None:
    """Inside the step: no attempt is used up."""
    faulty.answer = cut_below(200)
    found, _ = await llm.structured("Total 412.80", "Extract.", {"type": "object"}, 100)
    assert found == {"total": "412.80"}
    assert [request["max_tokens"] for request in faulty.requests] == [100, 200]


async def test_json_that_is_cut_without_saying_so_too(faulty: FaultyServer, llm: LLM) -> None:
    """Some servers say `stop` all the same."""
    faulty.answer = lambda request: completion('{"a": "b"}' if request["max_tokens"] > 100 else '{"a": "')
    assert (await llm.structured("text", "Extract.", {"type": "object"}, 100))[0] == {"a": "b"}


@pytest.mark.parametrize(("first", "limits"), [(100, [100, 200, 400]), (600, [600, 1024]), (1100, [1100])])
async def test_json_that_stays_cut_is_fatal(first: int, limits: list[int], faulty: FaultyServer, llm: LLM) -> None:
    """At four times the limit, or at half of the context: the same question would have the same answer."""
    faulty.answer = cut_below(10**6)
    with pytest.raises(Fatal, match=f"cut short at {limits[-1]} tokens"):
        await llm.structured("text", "Extract.", {"type": "object"}, first)
    assert [request["max_tokens"] for request in faulty.requests] == limits


@pytest.mark.parametrize("content", ["Sure! Here it is", "[1, 2]", ""])
async def test_what_is_no_json_object_uses_an_attempt(content: str, faulty: FaultyServer, llm: LLM) -> None:
    """And says what is wrong with it."""
    faulty.body = completion(content)
    with pytest.raises(Retry, match="not the JSON object that was asked for"):
        await llm.structured("text", "Extract.", {"type": "object"}, 10)


def test_limits_grow_to_the_bound_and_not_beyond() -> None:
    """Even where the bound is no power of two."""
    assert list(growing(600, 2000)) == [600, 1200, 2000]


@pytest.mark.real
async def test_the_embedded_servers_json_that_is_cut(llm_ctx: FakeContext) -> None:
    """Six fields do not fit into 16 tokens, whatever the model says; the server tells that it cut them."""
    llm: LLM = llm_ctx.model("llm")
    names = ("vendor", "customer", "number", "date", "total", "currency")
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}, "required": list(names)}
    with pytest.raises(Fatal, match="cut short at 16 tokens"):
        await llm.structured("Total due GBP 412.80", "Extract.", schema, 4)
