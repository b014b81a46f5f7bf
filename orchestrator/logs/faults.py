"""Exceptions as logs may have them: class and place. Their texts may quote a document, and a log outlives it.

The text of a step's error is in its document's own log, which is deleted with the document.
"""

import traceback
from types import TracebackType

MOST_FRAMES = 8
"""Of a traceback, the innermost."""


def place_of(problem: BaseException | None) -> str:
    """Class and line: `ValueError at steps.py:12`."""
    if problem is None:
        return ""
    frames = frames_of(problem.__traceback__)
    return f"{type(problem).__name__} at {frames[-1]}" if frames else type(problem).__name__


def frames_of(trace: TracebackType | None) -> list[str]:
    """Where it came from, the innermost last: `steps.py:12 ocr`."""
    found = traceback.extract_tb(trace)[-MOST_FRAMES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in found]


def told(problem: BaseException) -> dict[str, object]:
    """The fields of a line about it: it, what it came of, and where."""
    chain = [problem]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    return {"error": " from ".join(type(one).__name__ for one in chain), "at": frames_of(problem.__traceback__)}
