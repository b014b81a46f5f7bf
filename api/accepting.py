"""From what a request says to an accepted document."""

import asyncio
from io import BytesIO
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from starlette.datastructures import UploadFile

from api.inputs import Inputs
from api.priorities import priority_for
from api.problems import LATER, Problem, invalid, pointer
from api.schemas import Fault, Submission
from orchestrator.access import Access
from orchestrator.calls.once import Once
from orchestrator.client import Mill
from orchestrator.errors import NotFound, ServerError
from orchestrator.graph import Pipeline
from orchestrator.graph.types import mentions
from orchestrator.hooks import Hooks
from orchestrator.ids import new_id
from orchestrator.outbound import download
from orchestrator.source import FIRST_BYTES, Source, is_taken, media_type

LONGEST_NAME = 120
"""Characters of a file's name that are kept; file systems end at 255 bytes."""


async def accept(
    mill: Mill, inputs: Inputs, access: Access, wanted: Submission, upload: UploadFile | None, key: str = ""
) -> str:
    """Submit, and return the document's id.

    Args:
        access: for which tenant, and within which bounds.
        key: an idempotency key, or nothing.

    Raises:
        Problem: it cannot be; nothing was accepted.
    """
    chosen, options = _pipeline(mill, wanted), _options(wanted, access, key)
    if wanted.webhook is None:
        return await _accept(mill, inputs, access, wanted, upload, chosen, options)
    # Before it is accepted: it may end at once.
    options["document"], hooks = new_id(), Hooks(mill.transport)
    hook = await hooks.add(
        access.tenant,
        wanted.webhook,
        mill.registry.own("deliver"),
        mill.settings,
        document=options["document"],
        secret=wanted.webhook_secret,
    )
    try:
        document = await _accept(mill, inputs, access, wanted, upload, chosen, options)
    except ServerError:
        raise  # it may have been accepted; one that was not is forgotten after its time
    except BaseException:
        await hooks.remove(hook.id)
        raise
    if document != options["document"]:  # the idempotency key was used before
        await hooks.remove(hook.id)
    return document


async def _accept(
    mill: Mill,
    inputs: Inputs,
    access: Access,
    wanted: Submission,
    upload: UploadFile | None,
    chosen: Pipeline,
    options: dict[str, Any],
) -> str:
    if upload is not None:
        return await _accept_file(mill, chosen, upload.filename or "", upload.file, options)
    if wanted.path is not None:
        name, content = await asyncio.to_thread(inputs.open, wanted.path, access)
        with content:
            return await _accept_file(mill, chosen, name, content, options)
    if wanted.url is not None:
        return await _accept_url(mill, chosen, wanted.url, options)
    if wanted.text is None:
        return await mill.submit(**options)
    if "text" in chosen.parameters:
        options["parameters"]["text"] = wanted.text
        return await mill.submit(**options)
    return await _accept_file(mill, chosen, "text.txt", BytesIO(wanted.text.encode()), options)


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


async def _accept_url(mill: Mill, chosen: Pipeline, url: str, options: dict[str, Any]) -> str:
    with TemporaryFile() as content:
        await download(url, content, mill.settings)
        content.seek(0)
        return await _accept_file(mill, chosen, _name_in(url), content, options)


def _name_in(url: str) -> str:
    return unquote(urlsplit(url).path).rpartition("/")[2]


async def _accept_file(mill: Mill, chosen: Pipeline, name: str, content: IO[bytes], options: dict[str, Any]) -> str:
    await asyncio.to_thread(_check_kind, chosen, content)
    await mill.transport.send(mill.calls.time())  # before a large file is copied for nothing
    try:
        return await mill.submit_file(plain_name(name), content, **options)
    except OSError as problem:
        why = f"the blob store refuses it ({problem.strerror or problem}): look at DOCMILL_BLOB_URL"
        raise Problem("storage-failed", why, retry_after=LATER) from None


def _check_kind(chosen: Pipeline, content: IO[bytes]) -> None:
    """Look at a file's first bytes: neither its name nor what the sender says of it counts."""
    head = content.read(FIRST_BYTES)
    content.seek(0)
    if not is_taken(head, chosen.takes):
        found = media_type(head) or "a file of an unknown type"
        raise Problem("unsupported-file", f"it begins as {found}, and {chosen.name} takes {', '.join(chosen.takes)}")


def _options(wanted: Submission, access: Access, key: str) -> dict[str, Any]:
    once = Once(key, "", wanted.unique or "", wanted.unique_for) if key or wanted.unique else None
    return {
        "once": once,
        "pipeline": wanted.pipeline,
        "parameters": dict(wanted.parameters),
        "tenant": access.tenant,
        "priority": priority_for(access, wanted.priority if "priority" in wanted.model_fields_set else None),
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
