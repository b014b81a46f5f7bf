"""What an exception of the OpenAI client means for a job."""

from orchestrator import Fatal, Retry, Unavailable
from orchestrator.errors import StepError

BUSY = frozenset({429, 502, 503, 504})
NOT_ALLOWED = frozenset({401, 403, 404})
REFUSED = frozenset({400, 413, 422})
LONGEST_ADVICE = 300.0
"""Seconds: a server's `Retry-After` beyond that is not believed."""


class ContextExceeded(Exception):
    """The server's answer to a prompt that is longer than its context."""


def translated(problem: Exception, url: str) -> Exception:
    """The exception to raise instead, or the same one where the step's own retries are right."""
    import openai

    if isinstance(problem, openai.APITimeoutError):
        return _timeout(problem, url)
    if isinstance(problem, openai.APIConnectionError):
        return Unavailable(f"the LLM server at {url} does not answer ({problem.__cause__ or problem})")
    if isinstance(problem, openai.APIStatusError):
        return _status(problem.status_code, _text(problem), problem.response.headers.get("retry-after"), url)
    return problem


def _timeout(problem: Exception, url: str) -> StepError:
    import httpx

    if isinstance(problem.__cause__, httpx.ConnectTimeout | httpx.PoolTimeout):
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


def _text(problem: Exception) -> str:
    return str(problem)[:300]
