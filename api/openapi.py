"""The OpenAPI description: made of the types that are really read and answered."""

import re
from typing import Any, cast

import msgspec
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api import wire
from api.preferring import LONGEST_WAIT
from api.problems import MEDIA
from api.schemas import ANSWERS, Cancellation, Submission
from api.wire.batches import BatchTerms
from orchestrator.calls.once import NAME
from orchestrator.views import Document

REFERENCE = "#/components/schemas/{name}"
MODEL_REFERENCE = "#/components/schemas/{model}"


def operation_id(route: APIRoute) -> str:
    """How clients made of the description name a route: `documents_submit`; the framework's own has the whole path in it."""
    return re.sub(r"\W+", "_", "_".join((*map(str, route.tags), route.name)))


def answer(name: str, description: str) -> dict[str, Any]:
    """A response that carries the type of that name."""
    return {"description": description, "content": {"application/json": {"schema": _reference(name)}}}


_PROBLEM_BODY = {MEDIA: {"schema": {"$ref": REFERENCE.format(name="ProblemBody")}}}
PROBLEM: dict[int | str, dict[str, Any]] = {"default": {"description": "What went wrong.", "content": _PROBLEM_BODY}}
"""Every route may answer with one."""

_WAIT = {"schema": {"type": "number", "minimum": 0, "maximum": LONGEST_WAIT}}
_WAITING: list[dict[str, Any]] = [
    {"name": "wait", "in": "query", **_WAIT, "description": "Seconds; wins over Prefer."},
    {"name": "Prefer", "in": "header", "schema": {"type": "string"}, "example": "wait=10",
     "description": "`wait=10`: answer once it is final, or after 10 s."},
]  # fmt: skip
_ONCE: dict[str, Any] = {
    "name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "pattern": NAME.pattern},
    "description": "The tenant's own, for this one request; kept for a day.",
}  # fmt: skip


def submission_body() -> dict[str, Any]:
    """The two forms of a submission, and what may be said beside them: read by hand, since this road is the busiest."""
    schema = _schema(Submission)
    fields = {name: of for name, of in schema["properties"].items() if name not in {"path", "url", "text"}}
    file = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"file": file, **fields}, "required": ["file"]}
    encoding = {name: {"contentType": "application/json"} for name in ("parameters", "lanes")}
    content = {
        "application/json": {"schema": _reference("Submission")},
        "multipart/form-data": {"schema": form, "encoding": encoding},
    }
    return {"parameters": [*_WAITING, _ONCE], "requestBody": {"required": True, "content": content}}


def cancellation_body() -> dict[str, Any]:
    """Why, or nothing."""
    return {"requestBody": {"required": False, "content": {"application/json": {"schema": _schema(Cancellation)}}}}


def waiting_body(of: type[BaseModel]) -> dict[str, Any]:
    """A JSON body of that type, and how long its end may be waited for."""
    return {"parameters": _WAITING, **json_body(of)}


def json_body(of: type[BaseModel]) -> dict[str, Any]:
    """A JSON body of that type, which is one of `BODIES`."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": _reference(of.__name__)}}}}


def batch_body() -> dict[str, Any]:
    """The two forms of a batch: all of it in the body; or a line a document, with the terms in the address."""
    terms = _schema(BatchTerms)["properties"]
    asked = [{"name": name, "in": "query", "required": False, **_in_address(terms[name])} for name in terms]
    told = "A line a document: an object with parameters, path or text, or the path of a file as a string."
    lines = {"schema": {"type": "string", "description": told}, "example": '{"text": "Dear Sir"}\n'}
    content = {"application/json": {"schema": _reference("BatchSubmission")}, "application/jsonl": lines}
    return {"parameters": [*asked, _ONCE], "requestBody": {"required": True, "content": content}}


def _in_address(schema: dict[str, Any]) -> dict[str, Any]:
    """An object of an address is JSON, as a text."""
    if schema.get("type") == "object":
        return {"content": {"application/json": {"schema": schema}}}
    plain = [one for one in schema.pop("anyOf", []) if one.get("type") != "null"]
    return {"schema": {**schema, **(plain[0] if plain else {})}}


def _with_plain_tuples(part: Any) -> Any:
    """The same; a tuple of one type is a list of so many, which generators of clients know."""
    if isinstance(part, list):
        return [_with_plain_tuples(one) for one in cast("list[Any]", part)]
    if not isinstance(part, dict):
        return part
    whole = {name: _with_plain_tuples(value) for name, value in cast("dict[str, Any]", part).items()}
    first, *rest = whole.get("prefixItems") or [None]
    if first is not None and all(one == first for one in rest):
        del whole["prefixItems"]
        whole["items"] = first
    return whole


def with_components(description: dict[str, Any]) -> dict[str, Any]:
    """The framework's description, with the types that it does not know."""
    _, components = msgspec.json.schema_components([*ANSWERS, *wire.ANSWERS, Document], ref_template=REFERENCE)
    _, bodies = models_json_schema(
        [(body, "validation") for body in (Submission, *wire.BODIES)], ref_template=MODEL_REFERENCE
    )
    components = {**components, **bodies["$defs"]}
    described = description.setdefault("components", {})
    described.setdefault("schemas", {}).update(_with_plain_tuples(components))
    described["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "An API key."}}
    description["security"] = [{"key": []}, {}]  # without one where there are none
    return description


def _schema(body: type[BaseModel]) -> dict[str, Any]:
    return body.model_json_schema(ref_template="#/components/schemas/{model}")


def _reference(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(name=name)}
