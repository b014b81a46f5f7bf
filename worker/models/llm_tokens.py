"""How many tokens a text takes: asked of the server's own tokenizer where it has one, else a careful guess."""

from collections.abc import Awaitable, Callable
from typing import Any

from worker.models.trimming import estimated_tokens

BLOCK = 100_000
"""Characters that are sent to be counted in one request."""
FIELDS = ("prompt", "content")
"""What the text is called: by vLLM and SGLang, by llama.cpp."""
SAMPLE = "three words here"

Post = Callable[[dict[str, Any]], Awaitable[Any]]
"""Sends a body to `/tokenize`; gives the JSON of the answer, or None where the server has no such address."""


class Tokenizer:
    """Finds out once which kind of server it is.

    Args:
        post: sends a request.
        model: the model's name at the server.
    """

    def __init__(self, post: Post, model: str) -> None:
        self._post, self._model = post, model
        self._field: str | None = None
        self._tried = False

    async def exact(self) -> bool:
        """Whether the server counts.

        Raises:
            Unavailable: the server is down or busy.
        """
        if not self._tried:
            answers = {field: await self._asked(field, SAMPLE) for field in FIELDS}
            self._field = next((field for field in FIELDS if answers[field]), None)
            self._tried = True
        return self._field is not None

    async def count(self, text: str) -> int:
        """Tokens of the text, without those of a chat template.

        Raises:
            Unavailable: the server is down or busy.
        """
        if not await self.exact() or self._field is None:
            return estimated_tokens(text)
        blocks = [text[start : start + BLOCK] for start in range(0, len(text), BLOCK)]
        return sum([await self._asked(self._field, block) or estimated_tokens(block) for block in blocks])

    async def _asked(self, field: str, text: str) -> int:
        """0 where the answer is none: a server that does not know the field counts an empty text, or refuses."""
        answer = await self._post({"model": self._model, field: text, "add_special_tokens": False})
        if not isinstance(answer, dict):
            return 0
        told: dict[str, Any] = answer  # pyright: ignore[reportUnknownVariableType]
        count, tokens = told.get("count"), told.get("tokens")
        if isinstance(count, int):
            return count
        return len(tokens) if isinstance(tokens, list) else 0  # pyright: ignore[reportUnknownArgumentType]
