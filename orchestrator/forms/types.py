"""From a type of Python to a field's kind."""

import datetime
import types
from decimal import Decimal
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from orchestrator.forms.field import FormField, Kind

KIND_OF: dict[Any, str] = {str: "text", datetime.date: "date", Decimal: "amount", int: "number", float: "number"}


def field_of(name: str, given: Any, *, required: bool) -> FormField:
    """The field that a Struct's member declares.

    Args:
        name: its name.
        given: its type, `Annotated` or not.
        required: whether it has no default.

    Raises:
        TypeError: the type is no kind.
    """
    plain, kind, hint, optional = _read(given)
    if kind is None and plain not in KIND_OF:
        raise TypeError(
            f"{getattr(plain, '__name__', plain)} is no kind of field: use str, datetime.date, Decimal (an amount), "
            "int or float (a number), Identifier, Currency or Iban, each with or without | None"
        )
    return FormField(name, kind or KIND_OF[plain], hint, required and not optional)


def _read(given: Any) -> tuple[Any, str | None, str, bool]:
    """(the plain type, the kind that is marked, the hint, whether None is allowed)."""
    if get_origin(given) is Annotated:
        inner, *marks = get_args(given)
        plain, kind, hint, optional = _read(inner)
        kind = next((mark.name for mark in marks if isinstance(mark, Kind)), kind)
        hint = next((m.description for m in marks if isinstance(m, msgspec.Meta) and m.description), hint)
        return plain, kind, hint, optional
    if get_origin(given) in (Union, types.UnionType):
        rest = [part for part in get_args(given) if part is not type(None)]
        if len(rest) == 1:
            plain, kind, hint, _ = _read(rest[0])
            return plain, kind, hint, True
    return given, None, "", False
