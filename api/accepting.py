"""From what a request says to an accepted document."""

import asyncio
from io import BytesIO
from pathlib import PurePath
from typing import IO, Any

from starlette.datastructures import UploadFile

from api.inputs import Inputs
from api.problems import LATER, Problem, invalid, pointer
from api.schemas import Fault, Submission
from orchestrator.calls.once import Once
from orchestrator.client import Mill
from orchestrator.errors import NotFound
from orchestrator.graph import Pipeline
from orchestrator.graph.types import mentions
from orchestrator.source import Source

LONGEST_NAME = 120
"""Characters of a file's name that are kept; file systems end at 255 bytes."""


async def accept(mill: Mill, inputs: Inputs, wanted: Submission, upload: UploadFile | None, key: str = "") -> str:
    """Submit, and return the document's id.

    Args:
        key: an idempotency key, or nothing.

    Raises:
        Problem: it cannot be; nothing was accepted.
    """
    chosen = _pipeline(mill, wanted)
    if upload is not None:
        return await _accept_file(mill, wanted, upload.filename or "", upload.file, key)
    if wanted.path is not None:
        name, content = await asyncio.to_thread(inputs.open, wanted.path)
        with content:
            return await _accept_file(mill, wanted, name, content, key)
    if wanted.text is None:
        return await mill.submit(**_options(wanted, key))
    if "text" in chosen.parameters:
        return await mill.submit(**_options(wanted, key, text=wanted.text))
    return await _accept_file(mill, wanted, "text.txt", BytesIO(wanted.text.encode()), key)


def _pipeline(mill: Mill, wanted: Submission) -> Pipeline:
    try:
        chosen = mill.registry.named(wanted.pipeline)
    except NotFound as problem:
        raise Problem("unknown-pipeline", str(problem), [Fault(str(problem), pointer("pipeline"))]) from None
    for name in wanted.parameters:
        # A source names a blob and its digest: only docmill says where an input lies and what it is, else one could read
        # another's, or put wrong results into the cache of what is known of those bytes.
        if mentions(chosen.parameters.get(name), Source):
            raise invalid([Fault("give the file as `path`, `text` or an upload", pointer("parameters", name))])
    return chosen


async def _accept_file(mill: Mill, wanted: Submission, name: str, content: IO[bytes], key: str) -> str:
    await mill.transport.send(mill.calls.time())  # before a large file is copied for nothing
    try:
        return await mill.submit_file(plain_name(name), content, **_options(wanted, key))
    except OSError as problem:
        why = f"the blob store refuses it ({problem.strerror or problem}): look at DOCMILL_BLOB_URL"
        raise Problem("storage-failed", why, retry_after=LATER) from None


def _options(wanted: Submission, key: str, **more: str) -> dict[str, Any]:
    once = Once(key, "", wanted.unique or "", wanted.unique_for) if key or wanted.unique else None
    return {
        "once": once,
        "pipeline": wanted.pipeline,
        "parameters": {**wanted.parameters, **more},
        "priority": wanted.priority,
        "lanes": wanted.lanes,
        "delay": wanted.delay,
        "deadline": wanted.deadline,
    }


def plain_name(given: str) -> str:
    """A file's own name, fit for any file system: no folders, nothing unprintable, not too long."""
    name = PurePath(given.replace("\\", "/")).name
    printable = "".join(letter if letter.isprintable() else "_" for letter in name).strip(". ")
    while len(printable.encode()) > LONGEST_NAME:
        stem, dot, suffix = printable.rpartition(".")
        printable = f"{stem[:-1]}{dot}{suffix}" if stem else printable[:-1]
    return printable or "file"
