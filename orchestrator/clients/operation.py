"""One implementation, two faces: a coroutine over a `Session` becomes a method that blocks, or one that is awaited."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Sequence
from contextlib import aclosing
from functools import wraps
from types import MethodType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

if TYPE_CHECKING:
    from orchestrator.client import Mill
    from orchestrator.clients.session import Session

P = ParamSpec("P")
R = TypeVar("R")


class Blocking(ABC):
    """A client whose methods block."""

    @abstractmethod
    def perform(self, work: "Callable[[Session], Coroutine[Any, Any, R]]") -> R:
        """Do some work over the session, and return what it returns: what every name stands on."""

    @abstractmethod
    def leave(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Let some work be done, without waiting for it."""


class Awaited(ABC):
    """A client whose methods are awaited."""

    @abstractmethod
    async def perform(self, work: "Callable[[Session], Coroutine[Any, Any, R]]") -> R:
        """Do some work over the session, and return what it returns: what every name stands on."""


class Operation(Generic[P, R]):
    """A name that both clients have.

    Args:
        function: what it does.
    """

    def __init__(self, function: "Callable[Concatenate[Session, P], Coroutine[Any, Any, R]]") -> None:
        def blocks(self: Blocking, *args: P.args, **kwargs: P.kwargs) -> R:
            return self.perform(lambda session: function(session, *args, **kwargs))

        async def is_awaited(self: Awaited, *args: P.args, **kwargs: P.kwargs) -> R:
            return await self.perform(lambda session: function(session, *args, **kwargs))

        self._blocks, self._is_awaited = _like(function, blocks), _like(function, is_awaited)

    @overload
    def __get__(self, instance: Blocking, owner: type) -> Callable[P, R]: ...
    @overload
    def __get__(self, instance: Awaited, owner: type) -> Callable[P, Coroutine[Any, Any, R]]: ...
    @overload
    def __get__(self, instance: None, owner: type[Blocking]) -> Callable[Concatenate[Any, P], R]: ...
    @overload
    def __get__(
        self, instance: None, owner: type[Awaited]
    ) -> Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return _bound(self._blocks if issubclass(owner, Blocking) else self._is_awaited, instance)


class Stream(Generic[P, R]):
    """A name whose answer is iterated.

    Args:
        function: yields pages, so that a blocking client crosses over to its thread once a page.
    """

    def __init__(self, function: "Callable[Concatenate[Session, P], AsyncGenerator[Sequence[R], None]]") -> None:
        # What is no argument is refused at the call, not at the first item.
        check = inspect.signature(function).bind

        def blocks(self: Blocking, *args: P.args, **kwargs: P.kwargs) -> Generator[R, None, None]:
            check(None, *args, **kwargs)
            return _pulled(self, lambda session: function(session, *args, **kwargs))

        def is_awaited(self: Awaited, *args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[R, None]:
            check(None, *args, **kwargs)
            return _awaited(self, lambda session: function(session, *args, **kwargs))

        self._blocks, self._is_awaited = _like(function, blocks), _like(function, is_awaited)

    @overload
    def __get__(self, instance: Blocking, owner: type) -> Callable[P, Generator[R, None, None]]: ...
    @overload
    def __get__(self, instance: Awaited, owner: type) -> Callable[P, AsyncGenerator[R, None]]: ...
    @overload
    def __get__(
        self, instance: None, owner: type[Blocking]
    ) -> Callable[Concatenate[Any, P], Generator[R, None, None]]: ...
    @overload
    def __get__(
        self, instance: None, owner: type[Awaited]
    ) -> Callable[Concatenate[Any, P], AsyncGenerator[R, None]]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return _bound(self._blocks if issubclass(owner, Blocking) else self._is_awaited, instance)


def of_mill(
    method: "Callable[Concatenate[Mill, P], Coroutine[Any, Any, R]]",
) -> "Callable[Concatenate[Session, P], Coroutine[Any, Any, R]]":
    """What the mill does already, as a coroutine over a session."""

    @wraps(method)
    async def passed(session: "Session", *args: P.args, **kwargs: P.kwargs) -> R:
        return await method(await session.connect(), *args, **kwargs)

    return passed


def _pulled(
    client: Blocking, begin: "Callable[[Session], AsyncGenerator[Sequence[R], None]]"
) -> Generator[R, None, None]:
    async def started(session: "Session") -> AsyncGenerator[Sequence[R], None]:
        return begin(session)

    pages = client.perform(started)
    try:
        while (page := client.perform(lambda _: _next(pages))) is not None:
            yield from page
    finally:
        client.leave(pages.aclose)


async def _next(pages: AsyncIterator[Sequence[R]]) -> Sequence[R] | None:
    return await anext(pages, None)


async def _awaited(
    client: Awaited, begin: "Callable[[Session], AsyncGenerator[Sequence[R], None]]"
) -> AsyncGenerator[R, None]:
    async def started(session: "Session") -> AsyncGenerator[Sequence[R], None]:
        return begin(session)

    async with aclosing(await client.perform(started)) as pages:
        while (page := await client.perform(lambda _: _next(pages))) is not None:
            for item in page:
                yield item


def _like(function: Callable[..., Any], method: Callable[..., Any]) -> Callable[..., Any]:
    """A method that `help` shows as the function: its name, its text, its parameters."""
    signature = inspect.signature(function)
    _, *parameters = signature.parameters.values()
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    if parameters and parameters[0].kind is not inspect.Parameter.POSITIONAL_ONLY:
        own = own.replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD)
    method.__name__, method.__doc__, method.__module__ = function.__name__, function.__doc__, function.__module__
    method.__qualname__ = function.__name__
    method.__signature__ = signature.replace(parameters=[own, *parameters])  # pyright: ignore[reportFunctionMemberAccess]
    return method


def _bound(method: Callable[..., Any], instance: object) -> Callable[..., Any]:
    return method if instance is None else MethodType(method, instance)
