"""What decides a step's result, as one digest: the step, its models, its settings, and its arguments without their place.

A value that stands for bytes (a `Source`, a page) has `cache_identity`: those bytes' digest and whatever else decides,
neither the path nor the document that it came with; None where nobody knows its bytes, and then nothing is kept.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, cast

import msgspec

from orchestrator.graph import Step
from orchestrator.models import revision_of
from orchestrator.settings import Settings

SHAPE = 1
"""Of what is digested: another one finds nothing that was kept before."""
DIGITS = 32
"""Hex digits of a digest: 128 bits."""
ATTRIBUTE = "cache_identity"

_encoder = msgspec.json.Encoder(order="deterministic", enc_hook=str)


class Unidentified(Exception):
    """An argument stands for bytes of which nobody knows the digest."""


class Identity:
    """Of one step, in one process.

    Args:
        settings: of this process.
    """

    def __init__(self, step: Step[Any], settings: Settings) -> None:
        self._step, self._settings = step, settings
        self._referring = {name for name, of in step.parameters.items() if refers(of)}
        self._base: bytes | None = None

    def digest(self, arguments: Mapping[str, Any]) -> str:
        """The same for the same work.

        Raises:
            Unidentified: it cannot be told.
        """
        given = {name: self._bare(name, arguments[name]) for name in sorted(self._step.parameters) if name in arguments}
        also = self._step.cache.also if self._step.cache else None
        more = also(self._settings, arguments) if also is not None else None
        work = hashlib.sha256(self._constant())
        work.update(_encoder.encode([given, more]))
        return work.hexdigest()[:DIGITS]

    def places(self, arguments: Mapping[str, Any]) -> list[str]:
        """The blobs that the step is given, in an order that is the same for the same work."""
        return [path for name in sorted(self._referring) for path in places(arguments.get(name))]

    def _bare(self, name: str, value: Any) -> Any:
        return bare(value) if name in self._referring else value

    def _constant(self) -> bytes:
        """What does not change in this process: worked out when it is first needed, since weights may have to be read."""
        if self._base is None:
            step, cache = self._step, self._step.cache
            names = (*([step.model] if step.model else []), *(cache.models if cache else ()))
            models = {name: revision_of(name, self._settings) for name in names}
            named = {name: getattr(self._settings, name) for name in (cache.settings if cache else ())}
            where = f"{step.function.__module__}.{step.function.__qualname__}"
            self._base = _encoder.encode([SHAPE, where, step.version, models, named])
        return self._base


def refers(of: Any) -> bool:
    """Whether a value of that type may hold one that stands for bytes."""
    seen: set[int] = set()
    waiting: list[Any] = [msgspec.inspect.type_info(of)]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if hasattr(getattr(node, "cls", None), ATTRIBUTE):
            return True
        waiting += _parts(node)
    return False


def _parts(node: Any) -> Iterator[Any]:
    """The types inside a type."""
    for name in getattr(node, "__struct_fields__", ()):
        found: Any = getattr(node, name)
        for one in cast(tuple[Any, ...], found if isinstance(found, tuple) else (found,)):
            if isinstance(one, msgspec.inspect.Field):
                yield one.type
            elif isinstance(one, msgspec.inspect.Type):
                yield one


def bare(value: Any) -> Any:
    """The value with each part that stands for bytes as its identity.

    Raises:
        Unidentified: one of them has none.
    """
    if _has_identity(value):
        found = getattr(value, ATTRIBUTE)
        if found is None:
            raise Unidentified
        return found
    if isinstance(value, dict):
        return {key: bare(one) for key, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [bare(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
    if names := _members(value):
        return [bare(getattr(value, name)) for name in names]
    return value


def places(value: Any) -> list[str]:
    """The blob paths of the parts that stand for bytes, in the order in which `bare` meets them."""
    if _has_identity(value):
        return [value.blob]
    if isinstance(value, dict):
        return [path for one in value.values() for path in places(one)]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [path for one in value for path in places(one)]  # pyright: ignore[reportUnknownVariableType]
    return [path for name in _members(value) for path in places(getattr(value, name))]


def _has_identity(value: object) -> bool:
    return hasattr(type(value), ATTRIBUTE)


def _members(value: Any) -> tuple[str, ...]:
    if isinstance(value, msgspec.Struct):
        return value.__struct_fields__
    return tuple(field.name for field in fields(value)) if is_dataclass(value) else ()
