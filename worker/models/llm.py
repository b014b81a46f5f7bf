"""The LLM: one OpenAI-compatible server, one client a process, three ways to ask.

Every request puts the document's text before the instruction, so that the server's prefix cache serves the second
and third question about one document.
"""

from typing import TYPE_CHECKING, Any

import msgspec

from orchestrator import Fatal, Retry, model
from orchestrator.errors import UsageError
from orchestrator.settings import Settings
from worker.models.choice import Token, calibrated, label_masses
from worker.models.llm_errors import ContextExceeded, translating
from worker.models.trimming import shorten

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion

SYSTEM = "You read documents and answer questions about them."
CONNECT_TIMEOUT, READ_TIMEOUT, WRITE_TIMEOUT = 5.0, 300.0, 30.0
"""Seconds."""
DEFAULT_CONTEXT = 4096
"""Tokens, where the server does not say."""
INSTRUCTION_RESERVE = 700
"""Tokens kept for the instruction and the chat template, beside those of the answer."""
LABEL_TOKENS = 6
"""Tokens within which the names of categories must differ."""
HALVINGS = 4
"""How often a text that the server found too long is halved before the job fails."""


class Choice(msgspec.Struct, frozen=True):
    """A label chosen, with the share of each label (they sum to 1)."""

    label: str
    confidence: float
    scores: dict[str, float]
    truncated: bool


class Reply(msgspec.Struct, frozen=True):
    """What the model wrote, and whether it saw only a part of the text or was cut short."""

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
        raise UsageError("there is no LLM server: set DOCMILL_LLM_URL to an OpenAI-compatible URL (http://host:8000/v1)")
    return LLM(settings.llm_url, settings.llm_model, settings.llm_api_key)


class LLM:
    """One model at one server. Safe for any number of tasks of one event loop; the worker's slots bound how many.

    Args:
        url: the OpenAI-compatible base URL.
        name: the model's name there.
        key: the API key.
    """

    def __init__(self, url: str, name: str, key: str = "none") -> None:
        self.url, self.name = url, name
        self._client = _client(url, key)
        self._window: int | None = None
        self._priors: dict[str, dict[str, float]] = {}

    async def choose(self, text: str, instruction: str, labels: list[str], *, most_characters: int) -> Choice:
        """Choose one label by the probabilities of the labels' words: portable, and never outside the list.

        Args:
            text: the document.
            instruction: the question; it must make the model answer with a label alone.
            labels: as they may be answered.
            most_characters: how much of the text is enough.
        """
        prior = self._priors.get(instruction)
        if prior is None:
            prior, _ = await self._masses("", instruction, labels, most_characters)
            self._priors[instruction] = prior
        masses, truncated = await self._masses(text, instruction, labels, most_characters)
        scores = calibrated(masses, prior)
        label = max(labels, key=lambda one: scores[one])
        return Choice(label, scores[label], scores, truncated)

    async def structured(
        self, text: str, instruction: str, schema: dict[str, Any], *, max_tokens: int, most_characters: int
    ) -> tuple[dict[str, Any], bool]:
        """(an object that fits the JSON schema, whether the text was shortened).

        Raises:
            Retry: the answer was cut short, or is no such object.
        """
        form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}
        reply = await self._reply(text, instruction, most_characters, max_tokens=max_tokens, response_format=form)
        if reply.cut:
            raise Retry(reason=f"the model's JSON answer was cut at {max_tokens} tokens")
        try:
            return msgspec.json.decode(reply.content, type=dict[str, Any]), reply.truncated
        except msgspec.DecodeError as problem:
            raise Retry(reason=f"the model's answer is not JSON: {problem}") from None

    async def write(self, text: str, instruction: str, *, max_tokens: int, most_characters: int) -> Reply:
        """Free text, at most `max_tokens` tokens."""
        return await self._reply(text, instruction, most_characters, max_tokens=max_tokens)

    async def _reply(self, text: str, instruction: str, most: int, *, max_tokens: int, **options: Any) -> Reply:
        answer, truncated = await self._ask(text, instruction, most, max_tokens=max_tokens, **options)
        choice = answer.choices[0]
        return Reply(choice.message.content or "", truncated, choice.finish_reason == "length")

    async def _masses(
        self, text: str, instruction: str, labels: list[str], most: int
    ) -> tuple[dict[str, float], bool]:
        answer, truncated = await self._ask(
            text, instruction, most, max_tokens=LABEL_TOKENS, logprobs=True, top_logprobs=20
        )
        given = answer.choices[0].logprobs
        if given is None or not given.content:
            raise Fatal(f"the LLM server at {self.url} gives no logprobs, by which a category is chosen")
        path = [Token(t.token, {top.token: top.logprob for top in t.top_logprobs}) for t in given.content]
        return label_masses(path, labels), truncated

    async def _ask(
        self, text: str, instruction: str, most: int, *, max_tokens: int, **options: Any
    ) -> tuple["ChatCompletion", bool]:
        """(the answer, whether the text was shortened); a text that is too long for the server is halved and sent again."""
        room = await self._context() - max_tokens - INSTRUCTION_RESERVE
        for _ in range(HALVINGS):
            sent = shorten(text, most, room)
            try:
                return await self._send(sent, instruction, max_tokens, options), sent != text
            except ContextExceeded:
                most = len(sent) // 2
        raise Fatal(f"the text does not fit into the context of {self.name} at {self.url}, however short it is made")

    async def _send(self, text: str, instruction: str, max_tokens: int, options: dict[str, Any]) -> "ChatCompletion":
        content = f"{text}\n\n{instruction}" if text else instruction
        messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": content}]
        create: Any = self._client.chat.completions.create
        with translating(self.url):
            return await create(
                model=self.name, messages=messages, max_tokens=max_tokens, temperature=0, **options
            )

    async def _context(self) -> int:
        """The server's context in tokens: vLLM and llama.cpp tell it, each in its own field."""
        if self._window is None:
            with translating(self.url):
                page = await self._client.models.list()
            self._window = next((w for m in page.data if m.id == self.name and (w := _window(m))), DEFAULT_CONTEXT)
        return self._window


def _window(served: Any) -> int | None:
    extra: dict[str, Any] = served.model_extra or {}
    meta: dict[str, Any] = extra.get("meta") or {}
    return extra.get("max_model_len") or meta.get("n_ctx")


def _client(url: str, key: str) -> "AsyncOpenAI":
    import httpx2
    import openai

    # The slots bound what is in flight. A pool smaller than that, or a limit on waiting for it, only makes errors.
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
    timeout = httpx2.Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT, write=WRITE_TIMEOUT, pool=None)
    http = openai.DefaultAsyncHttpxClient(limits=limits, timeout=timeout)
    # docmill retries: a retry inside the SDK would hold a slot and hide what is wrong.
    return openai.AsyncOpenAI(base_url=url, api_key=key, max_retries=0, timeout=timeout, http_client=http)
