"""A loop in a thread of its own, on which a blocking client's coroutines run.

So a client may be used by many threads at once, and inside a running loop (which it blocks, as any blocking call does).
"""

import asyncio
import os
import threading
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any, TypeVar

from orchestrator.errors import UsageError

T = TypeVar("T")
Work = Callable[[], Coroutine[Any, Any, T]]

CLOSED = "this client was closed: make another"

_portals: "weakref.WeakSet[Portal]" = weakref.WeakSet()
_left_behind: list[object] = []


class Portal:
    """Starts its thread with the first work; ends it when closed.

    Args:
        farewell: what is done on the loop at its end.
        forget: what is done in the child of a fork, where the loop and all that is connected to it are the parent's.
    """

    def __init__(self, farewell: Work[None], forget: Callable[[], object]) -> None:
        self._farewell, self._forget = farewell, forget
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        _portals.add(self)

    def run(self, work: Work[T]) -> T:
        """Do the work on the loop, and wait for it. What interrupts the wait (Ctrl-C) ends the work.

        Raises:
            UsageError: the client was closed, before or meanwhile.
        """
        future = self._send(work)
        try:
            return future.result()
        except CancelledError:
            raise UsageError(CLOSED) from None
        except BaseException:
            future.cancel()
            raise

    def leave(self, work: Work[Any]) -> None:
        """Let it be done, without waiting: also safe where a garbage collection, in any thread, calls it."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # closed: then all of it has ended
                loop.call_soon_threadsafe(lambda: loop.create_task(work()))

    def close(self, *, wait: bool = True) -> None:
        """End the work that goes on, then the thread."""
        with self._lock:
            self._closed, loop, thread = True, self._loop, self._thread
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            if wait:
                thread.join()

    def begin_anew(self) -> None:
        """In the child of a fork: the thread is the parent's alone.

        The loop and its connections are kept for ever: to end them would take the parent's sockets out of the selector
        that both have.
        """
        _left_behind.append((self._loop, self._forget()))
        self._lock = threading.Lock()
        self._loop = self._thread = None

    def _send(self, work: Work[T]) -> "Future[T]":
        with self._lock:
            if self._closed:
                raise UsageError(CLOSED)
            loop = self._loop or self._start()
            return asyncio.run_coroutine_threadsafe(work(), loop)

    def _start(self) -> asyncio.AbstractEventLoop:
        started: Future[asyncio.AbstractEventLoop] = Future()
        # A daemon: a program that ends without closing its client is not held up.
        self._thread = threading.Thread(target=_serve, args=(started, self._farewell), name="docmill", daemon=True)
        self._thread.start()
        self._loop = started.result()
        return self._loop


def _serve(started: "Future[asyncio.AbstractEventLoop]", farewell: Work[None]) -> None:
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        started.set_result(loop)
        loop.run_forever()
        runner.run(_end(farewell))


async def _end(farewell: Work[None]) -> None:
    going_on = asyncio.all_tasks() - {asyncio.current_task()}
    for task in going_on:
        task.cancel()
    await asyncio.gather(*going_on, return_exceptions=True)
    await farewell()


def _begin_anew() -> None:
    for portal in list(_portals):
        portal.begin_anew()


os.register_at_fork(after_in_child=_begin_anew)
