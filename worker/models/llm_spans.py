"""What the span of a question to the LLM says, in OpenTelemetry's words for generative AI; not what was asked or answered."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from orchestrator.tracing import current
from orchestrator.tracing.spans import Value

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion


def asked(url: str, model: str, max_tokens: int) -> dict[str, Value]:
    """Of the question."""
    server = urlsplit(url)
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": model,
        "gen_ai.request.max_tokens": max_tokens,
        "server.address": server.hostname or "",
        "server.port": server.port or (443 if server.scheme == "https" else 80),
    }


def answered(answer: "ChatCompletion") -> dict[str, Value]:
    """Of the answer."""
    told: dict[str, Value] = {"gen_ai.response.model": answer.model}
    if answer.choices:
        told["gen_ai.response.finish_reasons"] = [choice.finish_reason or "" for choice in answer.choices]
    if answer.usage is not None:
        told["gen_ai.usage.input_tokens"] = answer.usage.prompt_tokens
        told["gen_ai.usage.output_tokens"] = answer.usage.completion_tokens
    return told


async def tell_trace(request: Any) -> None:
    """Let the server's own spans join: the header that it knows them by."""
    if trace := current():
        request.headers["traceparent"] = trace
