"""Problems, told to people: a page that says what to do."""

from urllib.parse import quote

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from api.forms import best_of
from api.page.rendering import page, render
from api.scopes import LOOKING, is_page

OFFERED = ("text/html", "application/json")


def wants_page(request: Request) -> bool:
    """Whether a person looks, in a browser; else a program asks for the twin."""
    accept = request.headers.get("accept", "*/*")
    return is_page(request.url.path) and best_of(accept, OFFERED) == OFFERED[0]


def is_part(request: Request) -> bool:
    """Whether a script of the page asks for a part of it."""
    return "hx-request" in request.headers


def told_to_people(request: Request, kind: str, status: int, title: str, detail: str) -> Response:
    """What leaves for a problem."""
    if kind == "no-key" and request.method in LOOKING and not is_part(request):
        asked = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        return RedirectResponse(f"/sign-in?next={quote(asked)}", 303, {"Cache-Control": "no-store"})
    if is_part(request):
        # A part is put where parts go: its status would have it thrown away.
        return Response(render("said.html", said=detail, well=False), media_type="text/html; charset=utf-8")
    return page(request, "problem.html", status, title=title, detail=detail, kind=kind)
