"""`cache=`: a step whose result depends on nothing but its arguments runs once for the same ones."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator.errors import PipelineError
from orchestrator.settings import Settings

Also = Callable[[Settings, Mapping[str, Any]], Any]
"""Of the settings and the step's arguments, what else decides the result: any value that msgspec can encode."""


@dataclass(frozen=True)
class Cache:
    """What a result depends on, besides the step's name, version, model and arguments, and how long it is kept.

    Args:
        ttl: seconds; None is the setting `cache_ttl`.
        settings: names of docmill's settings.
        models: of the catalogue, besides the step's own.
        also: finds what cannot be named.
    """

    ttl: float | None = None
    settings: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    also: Also | None = None

    def check(self, step: str, function: Callable[..., Any]) -> None:
        """Refuse what cannot be meant.

        Raises:
            PipelineError: a time that is none, a setting that there is not, or a result that depends on variables around
                the function, which no key would have.
        """
        if inside := inspect.unwrap(function).__code__.co_freevars:
            raise PipelineError(
                f"step {step!r} is cached, but its result depends on {', '.join(inside)} of the function around it: "
                "make that a parameter, or leave cache= out"
            )
        if self.ttl is not None and not self.ttl >= 1:
            raise PipelineError(f"step {step!r}: its cache's ttl={self.ttl} is no time: give seconds, at least 1")
        if unknown := [name for name in self.settings if name not in Settings.model_fields]:
            raise PipelineError(f"step {step!r}: its cache names settings that there are not: {', '.join(unknown)}")


def chosen(cache: "bool | Cache") -> Cache | None:
    """What `cache=` of a step means; None where it is not cached."""
    return (Cache() if cache else None) if isinstance(cache, bool) else cache
