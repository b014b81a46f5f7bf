"""What an exception of the OpenAI client means for a job."""

from collections.abc import Generator
from contextlib import contextmanager

from orchestrator import Fatal, Retry, Unavailable
from orchestrator.errors import StepError

BUSY = frozenset({429, 502, 503, 504})
NOT_ALLOWED = frozenset({401, 403, 404})
REFUSED = frozenset({400, 413, 422})
LONGEST_REASON = 300
"""Characters of the server's own words."""
LONGEST_ADVICE = 300.0
"""Seconds: a server's `Retry-After` beyond that is not believed."""


class ContextExceeded(Exception):
    """The server's answer to a prompt that is longer than its context."""


@contextmanager
def translating(url: str) -> Generator[None]:
    """Turn what the client raises into what a step raises; anything else passes."""
    import openai

    try:
        yield
    except openai.APITimeoutError as problem:
        raise _timeout(problem, url) from problem
    except openai.APIConnectionError as problem:
        raise Unavailable(f"the LLM server at {url} does not answer ({problem.__cause__ or problem})") from problem
    except openai.APIStatusError as problem:
        advice = problem.response.headers.get("retry-after")
        raise _status(problem.status_code, str(problem)[:LONGEST_REASON], advice, url) from problem


def _timeout(problem: Exception, url: str) -> StepError:
    if type(problem.__cause__).__name__ in {"ConnectTimeout", "PoolTimeout"}:
        return Unavailable(f"the LLM server at {url} does not answer (no connection in time)")
    return Retry(reason=f"the LLM server at {url} took a request and did not answer it in time")


def _status(status: int, text: str, advice: str | None, url: str) -> Exception:
    if status in BUSY:
        return Unavailable(f"the LLM server at {url} is busy or down (HTTP {status}): {text}", _seconds(advice))
    if status in NOT_ALLOWED:
        # A wrong key or model name is the operator's to put right; the documents wait and are not lost.
        return Unavailable(f"the LLM server at {url} refuses the key or the model's name (HTTP {status}): {text}")
    if status in REFUSED and "context" in text.lower():
        return ContextExceeded(text)
    if status in REFUSED:
        return Fatal(f"the LLM server at {url} refuses the request (HTTP {status}): {text}")
    return Retry(reason=f"the LLM server at {url} failed (HTTP {status}): {text}")


def _seconds(advice: str | None) -> float | None:
    try:
        return min(float(advice or ""), LONGEST_ADVICE)
    except ValueError:
        return None
