"""A prompt that is longer than the server's context: permanent, in each server's own words."""

from typing import Any

import openai
import pytest

from orchestrator import Fatal
from tests.documents.llm_server import FaultyServer, completion
from worker.models.llm import LLM
from worker.models.llm_overflow import Overflow, overflow_of

VLLM, VLLM_OLD = (
    "This model's maximum context length is 4096 tokens. However, you requested 512 output tokens and your prompt "
    "contains at least 3585 input tokens, for a total of at least 4097 tokens. Please reduce the length of the input.",
    "This model's maximum context length is 6048 tokens. However, you requested 6616 tokens (568 in the messages, 6048 "
    "in the completion). Please reduce the length of the messages or completion.",
)
VLLM_PROMPT = "The decoder prompt (length 5951) is longer than the maximum model length of 4096. Make sure that …"
OPENAI = "This model's maximum context length is 8192 tokens. However, your messages resulted in 8227 tokens."
OPENAI_NEW = "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 428548 tokens."
LLAMA_CPP = "request (9412 tokens) exceeds the available context size (8192 tokens), try increasing it"
LLAMA_CPP_OLD = "the request exceeds the available context size. try increasing the context size"
SGLANG = "The input (5000 tokens) is longer than the model's context length (4096 tokens)."
OVERFLOWS: list[tuple[dict[str, Any], Overflow]] = [
    ({"message": VLLM, "type": "BadRequestError", "code": 400}, Overflow(4097, 4096)),
    ({"message": VLLM_OLD, "type": "BadRequestError", "code": 400}, Overflow(6616, 6048)),
    ({"message": VLLM_PROMPT, "type": "BadRequestError", "code": 400}, Overflow(5951, 4096)),
    ({"message": "max_tokens must be at least 1, got -186.", "code": 400}, Overflow(None, None)),
    ({"message": OPENAI, "param": "messages", "code": "context_length_exceeded"}, Overflow(8227, 8192)),
    ({"message": OPENAI_NEW, "code": "context_length_exceeded"}, Overflow(428548, 272000)),
    ({"message": "in words not known yet", "code": "context_length_exceeded"}, Overflow(None, None)),
    ({"message": LLAMA_CPP, "type": "exceed_context_size_error", "code": 400}, Overflow(9412, 8192)),
    (
        {"message": LLAMA_CPP_OLD, "type": "exceed_context_size_error", "n_prompt_tokens": 1407, "n_ctx": 256},
        Overflow(1407, 256),
    ),
    ({"message": SGLANG, "code": 400}, Overflow(5000, 4096)),
]


@pytest.mark.parametrize(("error", "overflow"), OVERFLOWS)
async def test_a_context_that_is_too_short_is_permanent(
    error: dict[str, Any], overflow: Overflow, faulty: FaultyServer, llm: LLM
) -> None:
    """However each server says it; the text has the server's figures. The text is shortened first, in the same attempt."""
    assert overflow_of(error, error["message"]) == overflow
    faulty.status, faulty.body = 400, {"error": error}
    with pytest.raises(Fatal, match="does not fit into the context") as raised:
        await llm.write("word " * 100, "Ask.", 5)
    assert all(str(figure) in str(raised.value) for figure in (overflow.tokens, overflow.limit) if figure)
    sent = [len(request["messages"][-1]["content"]) for request in faulty.requests]
    assert len(sent) == 4 and sent == sorted(set(sent), reverse=True)


async def test_vllms_flat_error_is_understood_too(faulty: FaultyServer, llm: LLM) -> None:
    """Its older versions answer without the `error` around it."""
    faulty.status, faulty.body = 400, {"object": "error", "message": VLLM_OLD, "code": 400}
    with pytest.raises(Fatal, match="6616 tokens; its context is 6048"):
        await llm.write("word " * 100, "Ask.", 5)


@pytest.mark.parametrize(
    "message", ["tool calls need a context of their own", "max_tokens is not supported by this model", ""]
)
async def test_another_refusal_is_said_in_the_servers_words(message: str, faulty: FaultyServer, llm: LLM) -> None:
    """And is asked once."""
    faulty.status, faulty.body = 400, {"error": {"message": message}}
    with pytest.raises(Fatal, match="refuses the request") as raised:
        await llm.write("text", "Ask.", 5)
    assert message in str(raised.value)
    assert len(faulty.requests) == 1


async def test_an_answer_that_leaves_no_room_for_the_text_is_fatal(faulty: FaultyServer, llm: LLM) -> None:
    """A summary of nothing would look like one."""
    faulty.body = completion("a summary of nothing")
    with pytest.raises(Fatal, match="2048 tokens, of which 2000 are for the answer"):
        await llm.write("word " * 100, "Ask.", 2000)
    assert faulty.requests == []


@pytest.mark.real
async def test_the_embedded_servers_words_are_understood(llm_url: str) -> None:
    """llama.cpp's own, as this version says it."""
    client = openai.AsyncOpenAI(base_url=llm_url, api_key="none", max_retries=0)
    prompt: Any = [{"role": "user", "content": "word " * 20_000}]
    with pytest.raises(openai.APIStatusError) as refused:
        await client.chat.completions.create(model="smollm2", messages=prompt, max_tokens=5)
    await client.close()
    overflow = overflow_of(refused.value.body, str(refused.value))
    assert overflow is not None and overflow.tokens is not None and overflow.limit is not None
    assert overflow.tokens > 20_000 > overflow.limit
