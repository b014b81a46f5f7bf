"""RFC 9457: every error leaves as application/problem+json, with a stable `type` and advice as `detail`."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.kinds import KINDS as KINDS
from api.methods import methods_of
from api.page.refusing import told_to_people, wants_page
from api.schemas import Fault, ProblemBody
from orchestrator.errors import (
    BadParameter,
    DocmillError,
    Full,
    KeyReused,
    LaneFull,
    NotFetched,
    NotFound,
    Purged,
    ServerError,
    Taken,
    TooLate,
    Unavailable,
    UnknownBatch,
    Unreachable,
    UnsafeAddress,
    UsageError,
)

MEDIA = "application/problem+json"
SOON, LATER = 2, 30
"""Seconds after which it is worth trying again: a restarting Redis, a full one."""
KNOWN: tuple[tuple[type[DocmillError], str, int | None], ...] = (
    (Purged, "purged", None),
    (UnknownBatch, "unknown-batch", None),
    (NotFound, "unknown-document", None),
    (KeyReused, "idempotency-key-reused", None),
    (Taken, "unique-name-taken", SOON),
    (UnsafeAddress, "url-not-allowed", None),
    (UsageError, "invalid-request", None),
    (LaneFull, "lane-full", SOON),
    (NotFetched, "unreadable-url", None),
    (TooLate, "still-running", LATER),
    (Unavailable, "results-unavailable", LATER),
    (Full, "redis-full", LATER),
)
"""docmill's own errors, the special before the general: the kind of problem that each is, and when to try again."""


class Problem(Exception):  # the standard's word
    """An answer that says what went wrong.

    Args:
        kind: one of `KINDS`.
        detail: what to do about it.
        faults: where exactly, for a request that is not valid.
        retry_after: seconds.
    """

    def __init__(self, kind: str, detail: str, faults: Sequence[Fault] = (), retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.faults, self.retry_after = kind, detail, faults, retry_after


def handle_problems(app: FastAPI) -> None:
    """See to it that nothing but problems leaves where something went wrong."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    for error in (NotFound, UsageError, ServerError, NotFetched, LaneFull, TooLate, Unavailable):
        app.add_exception_handler(error, _on_problem)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    app.add_exception_handler(Exception, _on_unhandled)


@contextmanager
def missing_as(kind: str) -> Generator[None]:
    """What is not found inside is a problem of that kind."""
    try:
        yield
    except Purged:
        raise
    except NotFound as problem:
        raise Problem(kind, str(problem)) from None


def pointer(*place: object) -> str:
    """A JSON pointer to a place in the body, as a URI fragment."""
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


def answer_to(request: Request, error: Exception) -> Response:
    """What leaves for a problem, or for one of docmill's own errors."""
    problem = error if isinstance(error, Problem) else _translated(error)
    if isinstance(error, ServerError):
        request.app.state.metrics.redis_failed(reachable=not isinstance(error, Unreachable))
    status, title = KINDS[problem.kind]
    here, faults = request.url.path, list(problem.faults)
    headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
    if wants_page(request):
        answer = told_to_people(request, problem.kind, status, title, problem.detail)
        answer.headers.update(headers)
        return answer
    body = ProblemBody(f"/problems/{problem.kind}", title, status, problem.detail, here, faults)
    return _answer(body, headers)


async def _on_problem(request: Request, problem: Exception) -> Response:
    return answer_to(request, problem)


async def _on_invalid(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    # A place is "query", the parameter's name, and where in it: one of several values is told by its parameter.
    faults = [Fault(str(error["msg"]), parameter=str(error["loc"][:2][-1])) for error in problem.errors()]
    return await _on_problem(request, invalid(faults))


def invalid(faults: Sequence[Fault]) -> Problem:
    """A request with faults, all of them told together."""
    told = "; ".join(f"{fault.parameter or fault.pointer}: {fault.detail}" for fault in faults)
    return Problem("invalid-request", told, faults)


async def _on_http(request: Request, problem: Exception) -> Response:
    """What the framework itself refuses: unknown paths, methods, bodies that are no form."""
    assert isinstance(problem, HTTPException)
    if problem.status_code == HTTPStatus.NOT_FOUND:
        told = f"{request.url.path} does not exist: see /openapi.json"
        return await _on_problem(request, Problem("nothing-here", told))
    if problem.status_code == HTTPStatus.BAD_REQUEST:
        return await _on_problem(request, Problem("malformed-body", str(problem.detail)))
    if problem.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(methods_of(request))
        told = f"{request.method} is not possible here: use {allowed}"
        answer = await _on_problem(request, Problem("method-not-allowed", told))
        answer.headers["Allow"] = allowed
        return answer
    title = HTTPStatus(problem.status_code).phrase
    body = ProblemBody("about:blank", title, problem.status_code, str(problem.detail), request.url.path)
    return _answer(body, problem.headers or {})


def _translated(problem: Exception) -> Problem:
    for error, kind, retry_after in KNOWN:
        if isinstance(problem, error):
            return Problem(kind, str(problem), _faults_of(problem), retry_after)
    kind = "redis-unreachable" if isinstance(problem, Unreachable) else "redis-unusable"
    return Problem(kind, f"{str(problem).rstrip('.')}. Nothing is lost: try again", retry_after=SOON)


def _faults_of(problem: Exception) -> Sequence[Fault]:
    if isinstance(problem, BadParameter):
        return [Fault(str(problem), pointer("parameters", problem.field))]
    return [Fault(str(problem), pointer(problem.field))] if isinstance(problem, UsageError) and problem.field else ()


async def _on_disconnect(_request: Request, _problem: Exception) -> Response:
    return Response(status_code=HTTPStatus.BAD_REQUEST)  # nobody hears it


async def _on_unhandled(request: Request, _problem: Exception) -> Response:
    # The server logs the traceback; what went wrong inside is nobody else's business.
    return await _on_problem(request, Problem("internal", "docmill met a fault of its own: its log says which"))


def _answer(body: ProblemBody, headers: Mapping[str, str]) -> Response:
    return Response(msgspec.json.encode(body), body.status, dict(headers), MEDIA)
