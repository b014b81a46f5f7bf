"""The LLM as a model of the catalogue, and what it can be asked: fill in a form, write. `worker.classification` chooses."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from orchestrator import Fatal, Retry, model
from orchestrator.errors import StepError, UsageError
from orchestrator.settings import Settings
from worker.models.llm_client import Bounds, Client
from worker.models.llm_prompts import question_frame
from worker.supervision.groups import parse_groups

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

    from worker.classification.choosing import Chooser

GROWTH = 4
"""Times the tokens that a JSON answer may have at first: a small model that runs on has to be stopped."""


class Reply(msgspec.Struct, frozen=True):
    """What the model wrote; whether it saw only a part of the text; whether it was cut at its token limit."""

    content: str
    truncated: bool
    cut: bool


@model("llm", revision=lambda settings: settings.llm_model)  # wherever it is served
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
    return LLM(Client(settings.llm_url, settings.llm_model, settings.llm_api_key, bounds), settings)


def _slots_of_a_process(settings: Settings) -> int:
    """How many jobs a process that serves async steps runs at a time: each may have a request under way."""
    return max((group.slots_per_process for group in parse_groups(settings.slots)), default=1) or 1


class LLM:
    """Questions about a document.

    Args:
        client: the server.
        settings: of the steps that ask it.
    """

    def __init__(self, client: Client, settings: Settings | None = None) -> None:
        self.client, self._settings = client, settings or Settings()
        self._chooser: Chooser | None = None

    @property
    def chooser(self) -> "Chooser":
        """Chooses categories; it keeps what it found out of the server."""
        if self._chooser is None:
            from worker.classification.choosing import Chooser

            self._chooser = Chooser(self.client, self._settings)
        return self._chooser

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

    async def write(
        self, text: str, instruction: str, max_tokens: int, *, whole: bool = False, **options: Any
    ) -> Reply:
        """Free text. The document comes before the instruction: the prefix cache serves its second question.

        Args:
            text: the document.
            instruction: what to do with it.
            max_tokens: of the answer.
            whole: send all of the text or nothing.
            options: further parameters of a chat completion.

        Raises:
            DoesNotFit: not all of the text fits, and `whole` was asked for.
        """
        answer, truncated = await self.client.ask(
            text, question_frame(instruction), max_tokens=max_tokens, whole=whole, **options
        )
        return _reply(answer, truncated)

    async def room(self, instruction: str, max_tokens: int) -> int:
        """Tokens that a text may have beside the instruction and an answer of so many tokens."""
        return await self.client.room(max_tokens, question_frame(instruction)(""))


def growing(first: int, most: int) -> Iterator[int]:
    """`first`, then twice as many each time, up to `most`."""
    yield first
    while first < most:
        first = min(2 * first, most)
        yield first


def _reply(answer: "ChatCompletion", truncated: bool) -> Reply:
    choice = answer.choices[0]
    return Reply(choice.message.content or "", truncated, choice.finish_reason == "length")


def _object(reply: Reply, limit: int) -> dict[str, Any]:
    if reply.cut:
        raise Fatal(f"the model's JSON answer is still cut short at {limit} tokens, the most that it may have")
    try:
        return msgspec.json.decode(reply.content, type=dict[str, Any])
    except msgspec.DecodeError as problem:
        raise Retry(reason=f"the model's answer is not the JSON object that was asked for: {problem}") from None
