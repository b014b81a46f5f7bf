"""Out of memory: how it looks in each library, what can be given back at once, and the figures a person needs."""

import errno
import gc
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psutil

from orchestrator.budget import readable_bytes
from worker.machine.cards import visible_cards

if TYPE_CHECKING:
    from worker.residency import Residents

CLASSES = {("torch", "OutOfMemoryError"), ("paddle", "ResourceExhaustedError"), ("cupy", "OutOfMemoryError")}
"""The library and the class that it raises; known by name, so that nothing is imported for it."""
TEXTS = re.compile(
    "|".join(
        (
            "CUDA out of memory",
            "CUDA error: out of memory",
            "CUDNN_STATUS_ALLOC_FAILED",
            "CUBLAS_STATUS_ALLOC_FAILED",
            "DefaultCPUAllocator: (can't|not enough)",
            "ResourceExhaustedError",
            "Out of memory error on GPU",
            "Failed to allocate memory for requested buffer",
            "BFCArena",
            r"std::bad_alloc|\bbad allocation\b",
        )
    )
)
"""What torch, paddle, onnxruntime and C++ say where they raise an error of no class of its own."""
ASKED = re.compile(
    r"(?:tried to allocate|cannot allocate|buffer of size) (\d+(?:\.\d+)?) ?(bytes|[KMGT]i?B)?", re.IGNORECASE
)
"""Torch, paddle and onnxruntime say how much it was; the last one in bytes, without a unit."""
POWERS = {"b": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def is_out_of_memory(problem: BaseException) -> bool:
    """Whether this error, or one that led to it, says that a memory is full, the card's or the host's."""
    return any(_says_full(one) for one in _led_by(problem))


def empty_caches() -> None:
    """Give back what libraries keep for later; only those that this process has imported."""
    gc.collect()
    torch, paddle = sys.modules.get("torch"), sys.modules.get("paddle")
    with suppress(Exception):  # a device in a bad state must not hide the error that led here
        if torch is not None and torch.cuda.is_initialized():
            torch.cuda.empty_cache()
    with suppress(Exception):
        if paddle is not None and paddle.device.is_compiled_with_cuda():
            paddle.device.cuda.empty_cache()


def figures(residents: "Residents", problem: BaseException | None = None) -> str:
    """`free 1.2 GB of 80 GB, resident: paddleocr 0.9 GB; asked for 2.5 GB`, of the card, else of the host.

    Args:
        problem: the error; what was asked for is read in its text, where it says so.
    """
    free, total = _memory()
    held = ", ".join(f"{one.name} {readable_bytes(one.bytes)}" for one in residents.report())
    asked = next((found for one in _led_by(problem) if (found := _asked(str(one)))), None) if problem else None
    told = f"free {readable_bytes(free)} of {readable_bytes(total)}, resident: {held or 'nothing'}"
    return told if asked is None else f"{told}; asked for {readable_bytes(asked)}"


def _led_by(problem: BaseException) -> Iterator[BaseException]:
    """The error and those that it came from, each once."""
    open_, seen = [problem], set[int]()
    while open_:
        one = open_.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            open_ += [led for led in (one.__cause__, one.__context__) if led is not None]


def _says_full(problem: BaseException) -> bool:
    if isinstance(problem, MemoryError) or (isinstance(problem, OSError) and problem.errno == errno.ENOMEM):
        return True
    classes = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(problem).__mro__}
    return not CLASSES.isdisjoint(classes) or TEXTS.search(str(problem)) is not None


def _asked(text: str) -> int | None:
    found = ASKED.search(text)
    if found is None:
        return None
    # All of them mean powers of 1024, also where they write GB.
    return int(float(found[1]) * 1024 ** POWERS[(found[2] or "bytes")[0].lower()])


def _memory() -> tuple[int, int]:
    """(free, total) bytes of the first visible card, else of the host."""
    if visible := visible_cards():
        return visible[0].free, visible[0].total
    host: Any = psutil.virtual_memory()
    return host.available, host.total
