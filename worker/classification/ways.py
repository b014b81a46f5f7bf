"""The ways to make a server answer with one of some words: what each adds to a request, how each answer reads. No I/O."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

How = Literal["choice", "grammar", "schema", "plain"]


@dataclass(frozen=True)
class Way:
    """One way to ask for one of some words.

    Args:
        how: its name, as results have it.
        options: what it adds to a chat completion, given the words.
        read: the word in an answer; unchecked.
        around: tokens that an answer has beside the word: the braces, names and spaces of an object.
    """

    how: How
    options: Callable[[list[str]], dict[str, Any]]
    read: Callable[[str], str] = str.strip
    around: int = 2

    def tokens(self, words: list[str]) -> int:
        """Enough for any of the words: no tokenizer takes more than one a byte."""
        return max(len(word.encode()) for word in words) + self.around


def _choice(words: list[str]) -> dict[str, Any]:
    return {"extra_body": {"structured_outputs": {"choice": words}}}


def _guided_choice(words: list[str]) -> dict[str, Any]:
    return {"extra_body": {"guided_choice": words}}


def _grammar(words: list[str]) -> dict[str, Any]:
    # GBNF writes its strings as JSON does.
    return {"extra_body": {"grammar": "root ::= " + " | ".join(json.dumps(w, ensure_ascii=False) for w in words)}}


def _schema(words: list[str]) -> dict[str, Any]:
    category = {"type": "string", "enum": words}
    whole = {"type": "object", "properties": {"category": category}, "required": ["category"]}
    schema = whole | {"additionalProperties": False}
    form = {"name": "answer", "schema": schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": form}}


def _category(answer: str) -> str:
    try:
        return str(msgspec.json.decode(answer, type=dict[str, Any]).get("category", ""))
    except msgspec.DecodeError:
        return ""


ENFORCED = (
    Way("choice", _choice),  # vLLM since 0.10.2
    Way("choice", _guided_choice),  # vLLM until 0.11
    Way("grammar", _grammar),  # llama.cpp
    Way("schema", _schema, _category, around=40),
)
PLAIN = Way("plain", lambda _: {})
