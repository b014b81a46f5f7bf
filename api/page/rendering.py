"""From templates to answers: all of it escaped, nothing loaded from elsewhere; no script in it, no style but one sheet."""

import base64
import gzip
import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.page import wording
from api.page.static import address
from orchestrator.outlook.spans import within
from orchestrator.overview.wording import lasting, many, percent, rate, size

HERE = Path(__file__).parent
LEAST = 1000
"""Bytes from which on an answer is worth being compressed."""
FILTERS: dict[str, Any] = {
    "number": wording.number, "moment": wording.moment, "ago": wording.ago, "whole": wording.whole, "ending": wording.ending,
    "plain": wording.plain, "log_line": wording.log_line, "within": within, "lasting": lasting, "many": many,
    "percent": percent, "rate": rate, "bytes": size,
}  # fmt: skip


@cache
def environment() -> Environment:
    """The templates."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters, known = cast("dict[str, Any]", made.filters), cast("dict[str, Any]", made.globals)
    filters |= FILTERS
    known |= {"style": Markup(_style()), "script": address, "version": version("docmill")}
    return made


def render(template: str, **facts: Any) -> str:
    """A template, filled."""
    return environment().get_template(template).render(**facts)


def page(request: Request, template: str, status: int = 200, **facts: Any) -> Response:
    """A whole page, compressed where the browser takes that: one answer is all that it needs for a first picture."""
    content = render(template, **facts).encode()
    headers = {"Content-Security-Policy": policy(), "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    headers |= {"X-Content-Type-Options": "nosniff", "Vary": "Accept, Accept-Encoding, Cookie"}
    if len(content) >= LEAST and "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = gzip.compress(content, 6), "gzip"
    return Response(content, status, headers, "text/html; charset=utf-8")


@cache
def policy() -> str:
    """What a page may do: show itself, run the scripts of this server, and talk to it."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self'; style-src 'sha256-{digest}'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _style() -> str:
    return (HERE / "static" / "style.css").read_text(encoding="utf-8")
