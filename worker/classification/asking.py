"""The requests by which a category is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator import Fatal
from worker.classification.labels import Label, label_of
from worker.classification.ways import Way
from worker.models.choice import Token, label_masses
from worker.models.llm_client import Client, Frame, Message
from worker.models.llm_prompts import KIND, choice_frame

LABEL_TOKENS = 6
"""Tokens within which the names of labels must differ."""
CHOICE_SHARE = 0.1
"""Characters read a token of the server's context. A small model loses the question behind a long text; a long
context belongs to a larger model, which reads more with profit."""
LEAST_CHOICE, LONGEST_CHOICE = 400, 4000
"""Characters: a document's kind shows in its beginning."""


class NoLogprobs(Fatal):
    """The server tells no probabilities."""


@dataclass(frozen=True)
class Said:
    """A word that was asked for.

    Args:
        label: the label that it is; None where it is none.
        said: the answer itself.
        truncated: whether only a part of the text was looked at.
    """

    label: str | None
    said: str
    truncated: bool


class Asking:
    """Sends the beginning of a document.

    Args:
        client: the server.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    async def masses(
        self, text: str, labels: list[Label], examples: Mapping[str, str]
    ) -> tuple[dict[str, float], bool]:
        """(the probability of each label's word, whether only a part of the text was looked at).

        Raises:
            NoLogprobs: the answer has none.
        """
        answer, truncated = await self._ask(
            text, choice_frame(labels, examples), LABEL_TOKENS, logprobs=True, top_logprobs=20
        )
        given = answer.choices[0].logprobs
        if given is None or not given.content or not given.content[0].top_logprobs:
            raise NoLogprobs(f"the LLM server at {self._client.url} gives no logprobs, by which a category is chosen")
        path = [Token(t.token, {top.token: top.logprob for top in t.top_logprobs}) for t in given.content]
        return label_masses(path, [label.name for label in labels]), truncated

    async def word(
        self, way: Way, text: str, labels: list[Label], examples: Mapping[str, str], question: str = KIND
    ) -> Said:
        """The word that the model says when asked in that way."""
        names = [label.name for label in labels]
        frame = choice_frame(labels, examples, question)
        answer, truncated = await self._ask(text, frame, way.tokens(names), **way.options(names))
        said = answer.choices[0].message.content or ""
        return Said(label_of(way.read(said), names), said, truncated)

    async def plainly(self, messages: list[Message], max_tokens: int, **options: Any) -> str:
        """The answer to messages that hold no document."""
        answer, _ = await self._client.ask("", lambda _: messages, max_tokens=max_tokens, **options)
        return answer.choices[0].message.content or ""

    async def _ask(self, text: str, frame: Frame, max_tokens: int, **options: Any) -> Any:
        most = max(LEAST_CHOICE, min(LONGEST_CHOICE, int(await self._client.context() * CHOICE_SHARE)))
        # The beginning alone: with the end beside it, SmolLM2 got 16 of 45 right instead of 24.
        beginning = text.strip()[:most]
        answer, cut = await self._client.ask(beginning, frame, max_tokens=max_tokens, **options)
        return answer, cut or len(beginning) < len(text.strip())
