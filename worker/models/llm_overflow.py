"""A server's words for a prompt that is longer than its context: each kind of server has its own. Pure, no I/O."""

import re
from dataclasses import dataclass
from typing import Any

CODES = frozenset({"context_length_exceeded", "context_window_exceeded", "exceed_context_size_error"})
"""OpenAI, LiteLLM, llama.cpp: in `code` or `type`."""
WORDS = re.compile(
    # vLLM (chat, its input processor, its oldest check), OpenAI, llama.cpp, SGLang, TGI
    r"maximum context length|longer than the maximum model length|max_tokens must be at least 1, got -"
    r"|exceeds? the (available context size|context window|configured limit of \d)"
    r"|longer than the model's context length|`?inputs`? tokens \+ `?max_new_tokens`? must be",
    re.IGNORECASE,
)
LIMIT = re.compile(
    r"(?:context length(?: is)?|model length of|configured limit of|context size|must be <=)\W{1,2}([\d,]+)", re.I
)
TOKENS = (
    re.compile(r"total of (?:at least )?(\d+)", re.IGNORECASE),
    re.compile(r"(?:requested|resulted in|request \(|input \(|prompt \(length) ?(\d+)(?! output)", re.IGNORECASE),
    re.compile(r"(\d+) (?:input|prompt) tokens", re.IGNORECASE),
)
"""The whole request first: a prompt alone may be shorter than the context."""


@dataclass(frozen=True)
class Overflow:
    """A prompt that was too long.

    Args:
        tokens: as the server counted them; None where it does not say.
        limit: the server's context, tokens; None likewise.
    """

    tokens: int | None
    limit: int | None

    def __str__(self) -> str:
        counted = "more tokens than it takes" if self.tokens is None else f"{self.tokens} tokens"
        return f"the server counted {counted}" + ("" if self.limit is None else f"; its context is {self.limit}")


def overflow_of(body: object, text: str) -> Overflow | None:
    """What a refusal says of the prompt's length; None where it is about something else.

    Args:
        body: the JSON of the error, as far as it is an object.
        text: what people would read.
    """
    told: dict[str, Any] = body if isinstance(body, dict) else {}  # pyright: ignore[reportUnknownVariableType]
    if not WORDS.search(text) and not CODES & {str(told.get("code")), str(told.get("type"))}:
        return None
    tokens = told.get("n_prompt_tokens") or _first(TOKENS, text)
    return Overflow(tokens, told.get("n_ctx") or _first((LIMIT,), text))


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    found = next(filter(None, (pattern.search(text) for pattern in patterns)), None)
    return int(found[1].replace(",", "")) if found else None
