"""Settings of extraction: which fields, and who chooses among what was found."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from pydantic import SkipValidation, field_validator
from pydantic_settings import BaseSettings, NoDecode

from orchestrator.forms.field import FormField, faults_of

SHAPE = (
    'write {"invoice": [{"name": "total", "kind": "amount", "hint": "amount due", "required": true}]}, or @ and a file'
)


class ExtractingSettings(BaseSettings):
    """Which fields are extracted, and how they are chosen."""

    fields: Annotated[Mapping[str, tuple[FormField, ...]], NoDecode, SkipValidation] = {}
    """JSON: a category's fields, each with name, kind, hint and required; or `@` and the file that has it.

    They win over those that code declares by `@form`, and those over the built-in ones."""
    forms: Annotated[tuple[str, ...], NoDecode] = ()
    """Modules that declare forms (`@form`), comma separated; those in a pipeline's own module need not be named."""
    extract_by: Literal["rank", "model", "both"] = "both"
    """Who chooses among the values found: `rank`, what stands near them; `model`, the LLM; `both`, the LLM where ranks tie."""

    @field_validator("forms", mode="before")
    @classmethod
    def _split_forms(cls, given: object) -> object:
        return tuple(filter(None, (name.strip() for name in given.split(",")))) if isinstance(given, str) else given

    @field_validator("fields", mode="before")
    @classmethod
    def _read_fields(cls, given: object) -> object:
        return parsed_fields(given) if isinstance(given, str) else given


def parsed_fields(given: str) -> dict[str, tuple[FormField, ...]]:
    """Of the setting's text, or of the file that it names.

    Raises:
        ValueError: every fault there is, one a line.
    """
    if not given.strip():
        return {}
    try:
        content = Path(given[1:]).expanduser().read_bytes() if given.startswith("@") else given.encode()
        raw = msgspec.json.decode(content, type=dict[str, list[dict[str, Any]]])
    except OSError as problem:
        raise ValueError(f"{given[1:]} cannot be read ({problem.strerror})") from None
    except msgspec.DecodeError as problem:
        raise ValueError(f"{problem}: {SHAPE}") from None
    faults: list[str] = []
    fields = {category: _fields(category, members, faults) for category, members in raw.items()}
    if faults:
        raise ValueError("\n".join(faults))
    return fields


def _fields(category: str, members: list[dict[str, Any]], faults: list[str]) -> tuple[FormField, ...]:
    """Those of one category; what is wrong with them is added to `faults`."""
    found: list[FormField] = []
    for number, member in enumerate(members, 1):
        try:
            field = msgspec.convert(member, FormField)
        except msgspec.ValidationError as problem:
            faults.append(f"{category}, field {number}: {problem}")
            continue
        faults += [f"{category}, {fault}" for fault in faults_of(field)]
        if any(field.name == other.name for other in found):
            faults.append(f"{category}, {field.name}: declared twice")
        found.append(field)
    if not members:
        faults.append(f"{category}: it has no fields")
    return tuple(found)
