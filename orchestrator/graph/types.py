"""Do the types on an edge fit? Answered when the pipeline is defined, not when a document is half way."""

import types
from typing import Any, Union, get_args, get_origin


def fits(given: Any, wanted: Any) -> bool:
    """Whether a value of type `given` may be passed where `wanted` is declared."""
    if wanted is Any or given is Any or given == wanted:
        return True
    if get_origin(given) in {Union, types.UnionType}:
        return all(fits(one, wanted) for one in get_args(given))
    if get_origin(wanted) in {Union, types.UnionType}:
        return any(fits(given, one) for one in get_args(wanted))
    if get_origin(given) is not None and get_origin(given) == get_origin(wanted):
        return all(fits(g, w) for g, w in zip(get_args(given), get_args(wanted), strict=False))
    if get_origin(given) is not None and get_origin(given) is wanted:
        return True
    if isinstance(given, type) and isinstance(wanted, type):
        return issubclass(given, wanted) or (given is int and wanted is float)
    return False


def mentions(of: Any, wanted: type) -> bool:
    """Whether a value of type `of` may hold a `wanted`: itself, or in what it is made of."""
    return of is wanted or any(mentions(part, wanted) for part in get_args(of))


def readable(of: Any) -> str:
    """A type as a person writes it."""
    return of.__name__ if isinstance(of, type) and not get_args(of) else str(of).replace("typing.", "")
