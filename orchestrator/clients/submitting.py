"""Handing documents over."""

import asyncio
import io
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from orchestrator.admission import USUAL
from orchestrator.calls.once import Once
from orchestrator.clients.session import Session
from orchestrator.errors import UsageError
from orchestrator.graph import Pipeline

File = str | Path | bytes | IO[bytes]
NAMELESS = "file"
IN_MEMORY = 1024 * 1024
"""Bytes of a stream that are kept in memory while it is read."""


async def submit(
    session: Session,
    pipeline: str | Pipeline = "document",
    /,
    *,
    file: File | None = None,
    filename: str | None = None,
    priority: int = USUAL,
    tenant: str = "default",
    lanes: Mapping[str, str] | None = None,
    delay: float = 0.0,
    not_before: datetime | float | None = None,
    deadline: float | None = None,
    key: str | None = None,
    unique: str | None = None,
    unique_for: float | None = None,
    document: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> str:
    """Hand over one document; once this returns, it will reach a final state.

    Its id is made before it is sent, and sent again with it where the answer is lost: it is never accepted twice. To be
    sure of that also where your own program tries again, give a `key`.

    Args:
        pipeline: one that `@pipeline` made, or the name of one that the settings know.
        file: a path, bytes, or a binary file, read from its beginning; for a pipeline that takes `source`. It is copied.
        filename: what people call it, where the file itself does not say.
        priority: 9 (urgent) to 0.
        tenant: for whom.
        lanes: step -> lane, where it should differ from the pipeline's.
        delay: seconds until it may start.
        not_before: when it may start, instead: a datetime with a time zone, or seconds of the epoch.
        deadline: seconds until it must have ended, else it fails; None takes the pipeline's.
        key: an idempotency key: with it, the same submission again within a day leads to the same document.
        unique: a name that one document at work may have at a time.
        unique_for: seconds for which the name is taken; None is until that document ends.
        document: its id, from `new_id()`; the same id again changes nothing.
        parameters: of the pipeline, where a name of theirs is one of the above.
        more: parameters of the pipeline.

    Returns:
        The document's id; with a key that was used before, that of the document of then.

    Raises:
        UsageError: an unknown pipeline, parameter or lane, a file that cannot be read, a number out of range.
        KeyReused: the key was used for something else. Taken: another document has the unique name.
        LaneFull, Full: there is no room for it now.
        Unreachable: Redis does not answer; it may have been accepted: try again with the same `key` or `document`.
    """
    mill = await session.connect()
    once = Once(key or "", "", unique or "", unique_for) if key or unique else None
    options: dict[str, Any] = {
        "priority": priority, "tenant": tenant, "lanes": lanes, "delay": delay, "not_before": not_before,
        "deadline": deadline, "once": once, "document": document,
    }  # fmt: skip
    name = await session.named(pipeline)
    values = {**(parameters or {}), **more}
    if file is None:
        return await mill.submit(name, values, **options)
    content, called = await asyncio.to_thread(_opened, file, filename)
    try:
        return await mill.submit_file(called, content, pipeline=name, parameters=values, **options)
    except OSError as problem:
        raise UsageError(
            f"the blob store refuses {called} ({problem.strerror or problem}): see DOCMILL_BLOB_URL"
        ) from None
    finally:
        if content is not file:
            content.close()


def _opened(file: File, filename: str | None) -> tuple[IO[bytes], str]:
    """The content, from its beginning, and what it is called.

    Raises:
        UsageError: it cannot be read, or gives text.
    """
    if isinstance(file, bytes | bytearray | memoryview):
        return io.BytesIO(file), filename or NAMELESS
    if isinstance(file, str | Path):
        try:
            return Path(file).open("rb"), filename or Path(file).name
        except (OSError, ValueError) as problem:
            raise UsageError(f"{file}: cannot be read ({getattr(problem, 'strerror', None) or problem})") from None
    return _rewound(file), filename or _own_name(file)


def _rewound(file: IO[bytes]) -> IO[bytes]:
    """A binary file that can be read twice: itself, or a copy where it is a stream."""
    given: Any = file
    if not hasattr(given, "read") or not isinstance(given.read(0), bytes):
        raise UsageError(f"{file!r} is no file: give a path, bytes, or a file that is opened with 'rb'")
    if given.seekable():
        given.seek(0)
        return file
    copy = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed by whoever asked for it
    while chunk := file.read(IN_MEMORY):
        copy.write(chunk)
    copy.seek(0)
    return cast("IO[bytes]", copy)


def _own_name(file: IO[bytes]) -> str:
    name: object = getattr(file, "name", None)
    return Path(name).name if isinstance(name, str) and name else NAMELESS
