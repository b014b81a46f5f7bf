"""The OpenAPI description: made of the types that are really read and answered."""

from typing import Any

import msgspec
from pydantic import BaseModel

from api.problems import MEDIA
from api.schemas import ANSWERS, Cancellation, Submission
from orchestrator.views import Document

REFERENCE = "#/components/schemas/{name}"


def answer(name: str, description: str) -> dict[str, Any]:
    """A response that carries the type of that name."""
    return {"description": description, "content": {"application/json": {"schema": _reference(name)}}}


_PROBLEM_BODY = {MEDIA: {"schema": {"$ref": REFERENCE.format(name="ProblemBody")}}}
PROBLEM: dict[int | str, dict[str, Any]] = {"default": {"description": "What went wrong.", "content": _PROBLEM_BODY}}
"""Every route may answer with one."""


def submission_body() -> dict[str, Any]:
    """The two forms of a submission."""
    schema = _schema(Submission)
    fields = {name: of for name, of in schema["properties"].items() if name not in {"path", "text"}}
    file = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"file": file, **fields}, "required": ["file"]}
    encoding = {name: {"contentType": "application/json"} for name in ("parameters", "lanes")}
    content = {"application/json": {"schema": schema}, "multipart/form-data": {"schema": form, "encoding": encoding}}
    return {"requestBody": {"required": True, "content": content}}


def cancellation_body() -> dict[str, Any]:
    """Why, or nothing."""
    return {"requestBody": {"required": False, "content": {"application/json": {"schema": _schema(Cancellation)}}}}


def with_components(description: dict[str, Any]) -> dict[str, Any]:
    """The framework's description, with the types that it does not know."""
    _, components = msgspec.json.schema_components([*ANSWERS, Document], ref_template=REFERENCE)
    description.setdefault("components", {}).setdefault("schemas", {}).update(components)
    return description


def _schema(body: type[BaseModel]) -> dict[str, Any]:
    return body.model_json_schema(ref_template="#/components/schemas/{model}")


def _reference(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(name=name)}
