"""The LLM as a model of the catalogue, and three ways to ask it: choose, fill in a form, write."""

from collections.abc import Mapping
from typing import Any

import msgspec

from orchestrator import Fatal, Retry, model
from orchestrator.errors import UsageError
from orchestrator.settings import Settings
from worker.models.choice import Token, calibrated, label_masses
from worker.models.llm_client import Client, Frame, Message

SYSTEM = "You read documents and answer questions about them."
LABEL_TOKENS = 6
"""Tokens within which the names of labels must differ."""
NEUTRAL = ("", "N/A")
"""Texts that say nothing: what the model answers to them is its prejudice."""
READ_SHARE = 1.5
"""Characters read a token of the server's context: 6,144 of SmolLM2's 4,096 tokens, the rest is for scripts that take
more tokens a character."""
CHOICE_SHARE = 0.1
"""The same for a choice. A small model loses the question behind a long text: 400 characters were SmolLM2's best; a
long context belongs to a larger model, which reads more with profit."""
LONGEST_CHOICE = 4000
"""Characters: a document's kind shows in its beginning."""


class Choice(msgspec.Struct, frozen=True):
    """A label chosen, with the share of each label (they sum to 1)."""

    label: str
    confidence: float
    scores: dict[str, float]
    truncated: bool


class Reply(msgspec.Struct, frozen=True):
    """What the model wrote; whether it saw only a part of the text; whether it was cut at its token limit."""

    content: str
    truncated: bool
    cut: bool


@model("llm")
def load(settings: Settings) -> "LLM":
    """The client; no connection is made yet.

    Raises:
        UsageError: no URL is configured.
    """
    if settings.llm_url is None:
        raise UsageError(
            "there is no LLM server: set DOCMILL_LLM_URL to an OpenAI-compatible URL (http://host:8000/v1)"
        )
    return LLM(Client(settings.llm_url, settings.llm_model, settings.llm_api_key))


class LLM:
    """Questions about a document, each answered by one request.

    Args:
        client: the server.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self._priors: dict[tuple[str, ...], list[dict[str, float]]] = {}

    async def choose(self, text: str, labels: list[str], examples: Mapping[str, str]) -> Choice:
        """Choose one label by the probabilities of the labels' own words: any server, and never outside the list.

        The examples come before the document: they are the same for all documents, so the server's prefix cache keeps
        them, and they are longer than the part of the document that is sent.

        Args:
            text: the document.
            labels: single words are best.
            examples: short texts for some of the labels.
        """
        frame = _choice_frame(labels, examples)
        if tuple(labels) not in self._priors:
            self._priors[tuple(labels)] = [(await self._masses(t, labels, frame))[0] for t in NEUTRAL]
        masses, truncated = await self._masses(text, labels, frame)
        scores = calibrated(masses, self._priors[tuple(labels)])
        label = max(labels, key=lambda one: scores[one])
        return Choice(label, scores[label], scores, truncated)

    async def structured(
        self, text: str, instruction: str, schema: dict[str, Any], max_tokens: int
    ) -> tuple[dict[str, Any], bool]:
        """(an object that fits the JSON schema, whether the text was shortened).

        Raises:
            Retry: the answer was cut short, or is no such object.
        """
        form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}
        reply = await self.write(text, instruction, max_tokens, response_format=form)
        if reply.cut:
            raise Retry(reason=f"the model's JSON answer was cut at {max_tokens} tokens")
        try:
            return msgspec.json.decode(reply.content, type=dict[str, Any]), reply.truncated
        except msgspec.DecodeError as problem:
            raise Retry(reason=f"the model's answer is not JSON: {problem}") from None

    async def write(self, text: str, instruction: str, max_tokens: int, **options: Any) -> Reply:
        """Free text. The document comes before the instruction: the prefix cache serves its second question."""
        most = int(await self.client.context() * READ_SHARE)
        answer, truncated = await self.client.ask(
            text, _question_frame(instruction), most_characters=most, max_tokens=max_tokens, **options
        )
        choice = answer.choices[0]
        return Reply(choice.message.content or "", truncated, choice.finish_reason == "length")

    async def _masses(self, text: str, labels: list[str], frame: Frame) -> tuple[dict[str, float], bool]:
        """(the probability of each label's word, whether the text was shortened)."""
        most = min(LONGEST_CHOICE, int(await self.client.context() * CHOICE_SHARE))
        # The beginning alone: with the end beside it, SmolLM2 got 16 of 45 right instead of 24.
        beginning = text.strip()[:most]
        answer, cut = await self.client.ask(
            beginning, frame, most_characters=most, max_tokens=LABEL_TOKENS, logprobs=True, top_logprobs=20
        )
        truncated = cut or len(beginning) < len(text.strip())
        given = answer.choices[0].logprobs
        if given is None or not given.content:
            raise Fatal(f"the LLM server at {self.client.url} gives no logprobs, by which a category is chosen")
        path = [Token(t.token, {top.token: top.logprob for top in t.top_logprobs}) for t in given.content]
        return label_masses(path, labels), truncated


def _question_frame(instruction: str) -> Frame:
    def frame(text: str) -> list[Message]:
        return [_message("system", SYSTEM), _message("user", f"{text}\n\n{instruction}")]

    return frame


def _choice_frame(labels: list[str], examples: Mapping[str, str]) -> Frame:
    shown = [label for label in labels if label in examples]
    turns = [m for label in shown for m in (_kind_question(examples[label]), _message("assistant", label))]
    task = _message("system", f"You classify documents. Answer with one of: {', '.join(labels)}.")

    def frame(text: str) -> list[Message]:
        return [task, *turns, _kind_question(text)]

    return frame


def _kind_question(text: str) -> Message:
    return _message("user", f"Document:\n{text}\n\nKind of document:")


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
