"""Servers that can be made to answer with one of some words, each in its own way only, and silent ones."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.documents.llm_server import completion

Answer = Callable[[Any], Any]
CHAT = "Hello! How can I help you?"


def by_choice(request: Any) -> list[str]:
    """What vLLM obeys."""
    return request["structured_outputs"]["choice"] if "structured_outputs" in request else []


def by_guided_choice(request: Any) -> list[str]:
    """What older ones did."""
    return request.get("guided_choice") or []


def by_grammar(request: Any) -> list[str]:
    """What llama.cpp obeys."""
    return [json.loads(word) for word in re.findall(r'"(?:[^"\\]|\\.)*"', request.get("grammar") or "")]


def by_schema(request: Any) -> list[str]:
    """What most servers obey."""
    form = request.get("response_format")
    return form["json_schema"]["schema"]["properties"]["category"]["enum"] if form else []


def obeying(words_of: Callable[[Any], list[str]], wanted: str = "letter", otherwise: str = CHAT) -> Answer:
    """A server that reads one field and ignores all others, without a word, and tells no logprobs.

    Args:
        words_of: the words that the field allows.
        wanted: what it says where that is allowed; else the last allowed word.
        otherwise: what it says where nothing is enforced.
    """

    def answer(request: Any) -> Any:
        words = words_of(request)
        if not words:
            return completion(otherwise)
        said = wanted if wanted in words else words[-1]
        return completion(json.dumps({"category": said}) if words_of is by_schema else said)

    return answer


def thinking_aloud(answer: Answer) -> Answer:
    """The same server with a model whose first token is never a label."""
    thought = saying({"<think>": -0.01, "Let": -6.0})
    return lambda request: thought(request) if request.get("logprobs") else answer(request)


def saying(logprobs: dict[str, float]) -> Answer:
    """A server that tells these logprobs of its first token."""
    top: list[dict[str, Any]] = [{"token": one, "logprob": value, "bytes": None} for one, value in logprobs.items()]
    first = {**top[0], "top_logprobs": top}
    return lambda _: completion(next(iter(logprobs)), logprobs={"content": [first]})
