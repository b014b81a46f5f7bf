"""One OpenAI-compatible server: how it is reached, how much it can read at once, and sending it what fits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestrator import Fatal
from orchestrator.tracing import is_on, span
from worker.models.llm_errors import BUSY, ContextExceeded, translating
from worker.models.llm_spans import answered, asked, tell_trace
from worker.models.llm_tokens import Tokenizer
from worker.models.trimming import estimated_tokens, shorten
from worker.spending import spending

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion

CONNECT_TIMEOUT, WRITE_TIMEOUT = 5.0, 30.0
"""Seconds."""
KEPT_ALIVE = 4.0
"""Seconds that an idle connection is kept: a little less than servers keep it (vLLM and llama.cpp: 5), which would else
close it in the very moment in which it is used again."""
DEFAULT_CONTEXT = 4096
"""Tokens, where the server does not say."""
TEMPLATE_RESERVE = 300
"""Tokens kept for the chat template and for what `estimated_tokens` gets wrong."""
HALVINGS = 4
"""How often a text that the server found too long is halved before the job fails."""
SAMPLE_CHARACTERS, MOST_CHARACTERS = 8, 16
"""A token of the room: as much of a text is counted to learn how many its tokens have; and no text has more."""

Message = dict[str, str]
Frame = Callable[[str], list[Message]]
"""Makes the messages of a question around a document's text."""


class DoesNotFit(Fatal):
    """A text that was to be sent whole is longer than the server's context."""


@dataclass(frozen=True)
class Bounds:
    """Of what a process asks of the server.

    Args:
        in_flight: requests at a time; one more waits for one to end.
        read_timeout: how long the server may be silent, seconds.
    """

    in_flight: int = 8
    read_timeout: float = 300.0


class Client:
    """Safe for any number of tasks of one event loop.

    Args:
        url: the OpenAI-compatible base URL.
        name: the model's name there.
        key: the API key.
        bounds: of its requests.
    """

    def __init__(self, url: str, name: str, key: str, bounds: Bounds | None = None) -> None:
        self.url, self.name = url, name
        self._client = _client(url, key, bounds or Bounds())
        self._context: int | None = None
        self.tokens = Tokenizer(self._tokenize, name)

    async def context(self) -> int:
        """The server's context in tokens: vLLM and llama.cpp tell it, each in its own field."""
        if self._context is None:
            with translating(self.url):
                page = await self._client.models.list()
            told = (_told_context(served) for served in page.data if served.id == self.name)
            self._context = next(filter(None, told), DEFAULT_CONTEXT)
        return self._context

    async def room(self, max_tokens: int, messages: list[Message]) -> int:
        """Tokens that a text may have beside these messages and an answer of so many tokens."""
        around = sum(estimated_tokens(message["content"]) for message in messages)
        return await self.context() - max_tokens - TEMPLATE_RESERVE - around

    async def ask(
        self,
        text: str,
        frame: Frame,
        *,
        max_tokens: int,
        most_characters: int | None = None,
        whole: bool = False,
        **options: Any,
    ) -> tuple["ChatCompletion", bool]:
        """Send as much of the text as may be and fits.

        Args:
            text: the document.
            frame: makes the messages around it.
            max_tokens: of the answer.
            most_characters: how much of the text is wanted; None is all.
            whole: send all of it or nothing.
            options: further parameters of a chat completion.

        Returns:
            The answer, and whether the text was shortened.

        Raises:
            Unavailable: the server is down or busy. Fatal: it refuses, or nothing fits. Retry: it failed.
            DoesNotFit: not all of it fits, and `whole` was asked for.
        """
        room, told = await self.room(max_tokens, frame("")), ""
        most = min(most_characters or len(text), max(0, room) * MOST_CHARACTERS)
        room = await self._estimated_room(text[:most], room)
        for _ in range(HALVINGS):
            sent = shorten(text, most, room)
            if text.strip() and not sent:
                break  # an answer about nothing would look like one
            if whole and sent != text.strip():
                raise DoesNotFit(f"a text of {len(text)} characters does not fit into the context of {self.name}")
            try:
                return await self._send(frame(sent), max_tokens, options), sent != text.strip()
            except ContextExceeded as problem:
                # The guess of its tokens was too low, as it is for scripts that the tokenizer does not know.
                most, told = len(sent) // 2, f"; {problem}"
        raise Fatal(
            f"the text does not fit into the context of {self.name} at {self.url}, however short it is made: "
            f"{await self.context()} tokens, of which {max_tokens} are for the answer{told}"
        )

    async def _estimated_room(self, text: str, room: int) -> int:
        """The room in tokens as `estimated_tokens` counts them: its guess is careful, so a text that it lets in fits."""
        sample = text[: max(0, room) * SAMPLE_CHARACTERS]
        guess = estimated_tokens(sample)
        if guess <= room or not await self.tokens.exact():
            return room
        return int(room * guess / max(1, await self.tokens.count(sample)))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _tokenize(self, body: dict[str, Any]) -> Any:
        """The answer to a request for tokens; None where the server knows none. The address is beside `/v1`."""
        import httpx2
        import openai

        address = f"{self.url.rstrip('/').removesuffix('/v1')}/tokenize"
        with translating(self.url):
            try:
                answer = await self._client.post(address, cast_to=httpx2.Response, body=body)
                return answer.json()
            except openai.APIStatusError as problem:
                if problem.status_code in BUSY:
                    raise
            except ValueError:
                pass  # a page in place of JSON
        return None

    async def _send(self, messages: list[Message], max_tokens: int, options: dict[str, Any]) -> "ChatCompletion":
        create: Any = self._client.chat.completions.create
        with translating(self.url), span(f"chat {self.name}", "client", asked(self.url, self.name, max_tokens)) as told:
            answer = await create(model=self.name, messages=messages, max_tokens=max_tokens, temperature=0, **options)
            told.put(answered(answer))
        spending().tokens(self.name, answer.usage)
        return answer


def _told_context(served: Any) -> int | None:
    extra: dict[str, Any] = served.model_extra or {}
    meta: dict[str, Any] = extra.get("meta") or {}
    return extra.get("max_model_len") or meta.get("n_ctx")


def _client(url: str, key: str, bounds: Bounds) -> "AsyncOpenAI":
    import httpx2
    import openai

    most = bounds.in_flight
    limits = httpx2.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=KEPT_ALIVE)
    # One more than the pool holds waits for its turn: a limit on that would only make errors.
    timeout = httpx2.Timeout(connect=CONNECT_TIMEOUT, read=bounds.read_timeout, write=WRITE_TIMEOUT, pool=None)
    hooks = {"request": [tell_trace]} if is_on() else {}
    http = openai.DefaultAsyncHttpxClient(limits=limits, timeout=timeout, event_hooks=hooks)
    # docmill retries: a retry inside the SDK would hold a slot and hide what is wrong.
    return openai.AsyncOpenAI(base_url=url, api_key=key, max_retries=0, timeout=timeout, http_client=http)
