"""The LLM as a model of the catalogue, and three ways to ask it: choose, fill in a form, write."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from orchestrator import Fatal, Retry, model
from orchestrator.errors import StepError, UsageError
from orchestrator.settings import Settings
from worker.models.choice import Token, calibrated, label_masses
from worker.models.llm_client import Bounds, Client, Frame
from worker.models.llm_prompts import choice_frame, question_frame
from worker.supervision.groups import parse_groups

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
GROWTH = 4
"""Times the tokens that a JSON answer may have at first: a small model that runs on has to be stopped."""


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
    bounds = Bounds(_slots_of_a_process(settings), settings.llm_timeout)
    return LLM(Client(settings.llm_url, settings.llm_model, settings.llm_api_key, bounds))


def _slots_of_a_process(settings: Settings) -> int:
    """How many jobs a process that serves async steps runs at a time: each may have a request under way."""
    return max((group.slots_per_process for group in parse_groups(settings.slots)), default=1) or 1


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
        frame = choice_frame(labels, examples)
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

        An answer that is cut short, or is no such object, is asked for again with twice as many tokens, up to
        `GROWTH` times the first number and half of the context: the document needs the rest.

        Raises:
            Fatal: it is still cut short. Retry: it is still no such object.
        """
        form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}
        problem: StepError | None = None
        for limit in growing(max_tokens, min(max_tokens * GROWTH, await self.client.context() // 2)):
            reply = await self.write(text, instruction, limit, response_format=form)
            try:
                return _object(reply, limit), reply.truncated
            except (Fatal, Retry) as found:
                problem = found
        assert problem is not None
        raise problem

    async def write(self, text: str, instruction: str, max_tokens: int, **options: Any) -> Reply:
        """Free text. The document comes before the instruction: the prefix cache serves its second question."""
        most = int(await self.client.context() * READ_SHARE)
        answer, truncated = await self.client.ask(
            text, question_frame(instruction), most_characters=most, max_tokens=max_tokens, **options
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


def growing(first: int, most: int) -> Iterator[int]:
    """`first`, then twice as many each time, up to `most`."""
    yield first
    while first < most:
        first = min(2 * first, most)
        yield first


def _object(reply: Reply, limit: int) -> dict[str, Any]:
    if reply.cut:
        raise Fatal(f"the model's JSON answer is still cut short at {limit} tokens, the most that it may have")
    try:
        return msgspec.json.decode(reply.content, type=dict[str, Any])
    except msgspec.DecodeError as problem:
        raise Retry(reason=f"the model's answer is not the JSON object that was asked for: {problem}") from None
