"""The few files beside a page: kept by browsers for as long as they like, since each version has an address of its own."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

FOLDER = Path(__file__).parent / "static"
NAMES = ("htmx.min.js", "hx-sse.min.js", "page.js")
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}

router = APIRouter(prefix="/static", include_in_schema=False)


@router.get("/{name}")
async def part(name: str, request: Request) -> Response:
    """A script."""
    if name not in NAMES:
        raise HTTPException(404)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            _compressed(name), headers=FOR_EVER | {"Content-Encoding": "gzip"}, media_type="text/javascript"
        )
    return Response(_content(name), headers=FOR_EVER, media_type="text/javascript")


def address_of(name: str) -> str:
    """Where a file is found, in this version of it."""
    return f"/static/{name}?{hashlib.sha256(_content(name)).hexdigest()[:10]}"


@cache
def _content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(_content(name), 9, mtime=0)
