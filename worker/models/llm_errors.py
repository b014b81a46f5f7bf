"""What an exception of the OpenAI client means for a job."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from orchestrator import Fatal, Retry, Unavailable
from orchestrator.errors import StepError
from worker.models.llm_overflow import Overflow, overflow_of

if TYPE_CHECKING:
    from openai import APIConnectionError, APIStatusError

BUSY = frozenset({429, 502, 503, 504})
SETTINGS = {
    401: "the API key: set DOCMILL_LLM_API_KEY",
    403: "what the API key asks for: set DOCMILL_LLM_API_KEY to one that may use the model, or change DOCMILL_LLM_MODEL",
    404: "the model's name, or the address: correct DOCMILL_LLM_MODEL, or DOCMILL_LLM_URL, which usually ends in /v1",
}
"""What a server refuses that is the operator's to put right."""
REFUSED = frozenset({400, 413, 422})
NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout"})
"""The request never reached the server, so it is not what is wrong."""
LONGEST_REASON = 300
"""Characters of the server's own words."""
LEAST_ADVICE, LONGEST_ADVICE = 0.5, 300.0
"""Seconds: a server's `Retry-After` beyond these is not believed. One of 0 would let the whole lane knock without a pause."""


class ContextExceeded(Exception):
    """The server's answer to a prompt that is longer than its context."""

    def __init__(self, overflow: Overflow) -> None:
        super().__init__(str(overflow))


@contextmanager
def translating(url: str) -> Generator[None]:
    """Turn what the client raises into what a step raises; anything else passes."""
    import openai

    try:
        yield
    except openai.APIConnectionError as problem:  # timeouts are a kind of it
        raise _connection(problem, url) from problem
    except openai.APIStatusError as problem:
        raise _status(problem, url) from problem


def _connection(problem: "APIConnectionError", url: str) -> StepError:
    kind, why = type(problem.__cause__).__name__, str(problem.__cause__ or problem)
    if kind in NOT_SENT:
        return Unavailable(f"the LLM server at {url} does not answer ({why or 'no connection in time'})")
    if kind.endswith("Timeout"):
        return Retry(reason=f"the LLM server at {url} took a request and did not answer it in time")
    # The request may be what ends the server: it uses up attempts, or one document would end it again and again.
    return Retry(reason=f"the LLM server at {url} took a request and closed the connection ({why or kind})")


def _status(problem: "APIStatusError", url: str) -> Exception:
    status, text = problem.status_code, str(problem)[:LONGEST_REASON]
    if status in BUSY:
        advice = problem.response.headers.get("retry-after")
        return Unavailable(f"the LLM server at {url} is busy or down (HTTP {status}): {text}", _seconds(advice))
    if status in SETTINGS:
        # Not the document's fault, and mended in a moment: it waits, and its status says for what.
        return Unavailable(f"the LLM server at {url} refuses {SETTINGS[status]} (HTTP {status}): {text}")
    if overflow := overflow_of(problem.body, str(problem)):
        return ContextExceeded(overflow)
    if status in REFUSED:
        return Fatal(f"the LLM server at {url} refuses the request (HTTP {status}): {text}")
    return Retry(reason=f"the LLM server at {url} failed (HTTP {status}): {text}")


def _seconds(advice: str | None) -> float | None:
    """Of a `Retry-After`: seconds, or a date; None where there is none that can be read."""
    try:
        after = float(advice or "")
    except ValueError:
        after = _seconds_until(advice or "")
    if after is None or after != after:  # `nan` is a float too
        return None
    return min(max(after, LEAST_ADVICE), LONGEST_ADVICE)


def _seconds_until(date: str) -> float | None:
    try:
        when = parsedate_to_datetime(date)
    except ValueError:
        return None
    return (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
