"""The one script beside a page: kept by browsers for as long as they like, since each version has an address of its own.

It is served as one file because htmx begins as soon as it may: between two files it would begin before it can follow a stream.
"""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

FOLDER = Path(__file__).parent / "static"
SCRIPT, PARTS = "page.js", ("htmx.min.js", "hx-sse.min.js", "page.js")
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}

router = APIRouter(prefix="/static", include_in_schema=False)


@router.get("/{name}")
async def part(name: str, request: Request) -> Response:
    """The script."""
    if name != SCRIPT:
        raise HTTPException(404)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_compressed(), headers=FOR_EVER | {"Content-Encoding": "gzip"}, media_type="text/javascript")
    return Response(_content(), headers=FOR_EVER, media_type="text/javascript")


def address() -> str:
    """Where it is found, in this version of it."""
    return f"/static/{SCRIPT}?{hashlib.sha256(_content()).hexdigest()[:10]}"


@cache
def _content() -> bytes:
    return b"\n;\n".join((FOLDER / part).read_bytes() for part in PARTS)


@cache
def _compressed() -> bytes:
    return gzip.compress(_content(), 9, mtime=0)
