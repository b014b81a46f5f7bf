"""Reads a submission: JSON, or a multipart form whose file goes to disk as it comes and is never held in memory."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import msgspec
from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message

from api.problems import Problem, invalid, pointer
from api.schemas import Cancellation, Fault, Submission

LARGEST_JSON = 1 << 20
"""Bytes: larger content is a file."""
LARGEST_UPLOAD = 1 << 30
"""Bytes."""
MOST_FIELDS = 20
JSON = "application/json"

Body = TypeVar("Body", bound=BaseModel)


@asynccontextmanager
async def submission_in(request: Request) -> AsyncGenerator[tuple[Submission, UploadFile | None]]:
    """The submission that a request carries; its upload lives as long as the block.

    Raises:
        Problem: it is not valid, too large, or of another media type.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == JSON:
        yield _one_source(read_json(await limited(request, LARGEST_JSON).body(), Submission)), None
    elif kind == "multipart/form-data":
        bounded = limited(request, LARGEST_UPLOAD)
        async with bounded.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=LARGEST_JSON) as form:
            yield _of_form(form)
    else:
        given = kind or "a body without Content-Type"
        raise Problem("unsupported-media-type", f"{given}: send application/json or multipart/form-data")


async def cancellation_in(request: Request) -> Cancellation:
    """Why a document is to end; an empty body is no reason.

    Raises:
        Problem: the body is not valid, or too large.
    """
    body = await limited(request, LARGEST_JSON).body()
    return read_json(body, Cancellation) if body.strip() else Cancellation()


async def json_in(request: Request, of: type[Body], most: int = LARGEST_JSON) -> Body:
    """A request's body, of at most so many bytes, as that type.

    Raises:
        Problem: it is not valid, too large, or not JSON.
    """
    refuse_unless(request, JSON)
    return read_json(await limited(request, most).body(), of)


def read_json(body: bytes, of: type[Body]) -> Body:
    """A body as that type. JSON knows what is a number and what is a text, so no text is taken for a number.

    Raises:
        Problem: it is not valid, or not JSON.
    """
    if b"NaN" in body or b"Infinity" in body:  # Python's own idea of JSON: stored, it would be null
        try:
            msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError) as problem:
            raise invalid([Fault(f"it is no JSON: {problem}", pointer())]) from None
    return checked(lambda: of.model_validate_json(body, strict=True))


def refuse_unless(request: Request, *kinds: str) -> str:
    """The media type of the body, where it is one of these.

    Raises:
        Problem: it is not.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in kinds:
        raise Problem("unsupported-media-type", f"{kind or 'a body without Content-Type'}: send {' or '.join(kinds)}")
    return kind


def _of_form(form: FormData) -> tuple[Submission, UploadFile]:
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        raise invalid([Fault("a form needs exactly one file, in the field `file`", pointer("file"))])
    given = {name: _parsed(name, value) for name, value in fields.items()}
    return _one_source(checked(lambda: Submission.model_validate(given))), upload


def _parsed(name: str, value: str) -> object:
    """A form's field; those that are objects are JSON."""
    if name not in {"parameters", "lanes"}:
        return value
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise invalid([Fault(f"it must be a JSON object: {problem}", pointer(name))]) from None


def checked(made: Callable[[], Body], *, in_body: bool = True) -> Body:
    """What was made of a request.

    Args:
        in_body: whether faults are in its body; else in its address.

    Raises:
        Problem: it is not valid; every fault is told.
    """
    try:
        return made()
    except ValidationError as problem:
        errors = problem.errors(include_url=False)
    if in_body:
        raise invalid([_fault(error) for error in errors])
    raise invalid([Fault(str(error["msg"]), parameter=".".join(map(str, error["loc"]))) for error in errors])


def _one_source(submission: Submission) -> Submission:
    given = [name for name in ("path", "url", "text") if getattr(submission, name) is not None]
    if len(given) > 1:
        raise invalid([Fault(f"give one of {', '.join(given)}, not several", pointer(given[-1]))])
    return submission


def _fault(error: Mapping[str, Any]) -> Fault:
    return Fault(str(error["msg"]), pointer(*error["loc"]))


def limited(request: Request, most: int) -> Request:
    """The same request, whose body ends in a problem where it passes `most` bytes; one that is packed is refused.

    Raises:
        Problem: it is packed, or says that it is too large.
    """
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if packed not in {"", "identity"}:
        raise Problem("unsupported-media-type", f"{packed}: send the body as it is, without Content-Encoding")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most:
        raise _too_large(most)
    seen = 0

    async def receive() -> Message:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise _too_large(most)
        return message

    return Request(request.scope, receive)


def _too_large(most: int) -> Problem:
    return Problem("too-large", f"the body may have {most} bytes at most")
