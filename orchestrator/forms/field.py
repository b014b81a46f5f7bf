"""A field of a form: its name, and what kind of value it has."""

from dataclasses import dataclass

import msgspec

KINDS = ("text", "date", "amount", "currency", "identifier", "number", "iban")


class FormField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One field that `extract` looks for."""

    name: str
    kind: str = "text"
    """One of `KINDS`."""
    hint: str = ""
    """Words that stand beside it in such documents, comma separated, and what the model is told of it."""
    required: bool = False
    """Whether a document without it is one that a person should look at."""


@dataclass(frozen=True)
class Kind:
    """Marks a type with the kind of its values, inside `Annotated`."""

    name: str


def faults_of(field: FormField) -> list[str]:
    """What is wrong with it, in people's words."""
    faults: list[str] = []
    if not field.name.isidentifier():
        faults.append(f"{field.name!r} is no name: use letters, digits and underscores")
    if field.kind not in KINDS:
        faults.append(f"{field.name}: there is no kind {field.kind!r}: use one of {', '.join(KINDS)}")
    return faults
