"""Forms: which fields a category of documents has. Declared in code here, or in settings (`DOCMILL_FIELDS`)."""

import importlib
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from orchestrator.errors import PipelineError
from orchestrator.forms.built_in import BUILT_IN, OTHER
from orchestrator.forms.field import FormField
from orchestrator.forms.types import field_of

Form = TypeVar("Form", bound=type[msgspec.Struct])

_declared: dict[str, tuple[FormField, ...]] = {}


def form(category: str) -> Callable[[Form], Form]:
    """Bind a Struct to a category: its fields are what `extract` looks for in such documents.

    The kind is that of the type: `datetime.date`, `Decimal` (an amount), `int` or `float` (a number), `Currency`,
    `Identifier`, `Iban`, or `str` (text). `| None`, or a default, means that the field may be missing; a
    `msgspec.Meta(description=…)` is its hint: the words that stand beside it in such documents.

    ```python
    @form("invoice")
    class Invoice(msgspec.Struct):
        number: Identifier
        date: datetime.date
        total: Decimal
        currency: Currency | None
        project: Annotated[str | None, msgspec.Meta(description="Projektname, project")]
    ```

    Raises:
        PipelineError: a field's type is no kind, or the Struct has no fields; all faults of it at once.
    """

    def register(struct: Form) -> Form:
        fields, faults = _fields_of(struct)
        if faults:
            raise PipelineError(f"the form {struct.__name__} of {category!r} is not usable:\n" + "\n".join(faults))
        _declared[category] = fields
        return struct

    return register


def declared() -> Mapping[str, tuple[FormField, ...]]:
    """The forms that code has declared, by category."""
    return dict(_declared)


def form_of(category: str, in_settings: Mapping[str, tuple[FormField, ...]]) -> tuple[FormField, ...]:
    """The fields of a category: those of the settings, else of the code, else the built-in ones."""
    for source in (in_settings, _declared, BUILT_IN):
        if category in source:
            return source[category]
    return OTHER


def load_forms(modules: Iterable[str]) -> None:
    """Import the modules that declare forms.

    Raises:
        PipelineError: some cannot be imported; all of them are named.
    """
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # as for pipelines: a user's own module lies where docmill is started
    faults: list[str] = []
    for module in modules:
        try:
            importlib.import_module(module)
        except Exception as problem:  # a user's module may do anything when it is imported
            faults.append(
                f"DOCMILL_FORMS names {module!r}, which cannot be loaded: {type(problem).__name__}: {problem}"
            )
    if faults:
        raise PipelineError("\n".join(faults))


def _fields_of(struct: type[msgspec.Struct]) -> tuple[tuple[FormField, ...], list[str]]:
    fields: list[FormField] = []
    faults: list[str] = []
    try:
        members = msgspec.structs.fields(struct)
    except Exception as problem:  # a type that cannot be resolved
        return (), [f"its types cannot be read: {problem}"]
    for member in members:
        if not re.fullmatch(r"\w+", member.name):
            faults.append(f"{member.name}: a name is made of letters, digits and underscores")
            continue
        try:
            fields.append(field_of(member.name, member.type, required=member.required))
        except TypeError as problem:
            faults.append(f"{member.name}: {problem}")
    if not members:
        faults.append("it has no fields")
    return tuple(fields), faults
