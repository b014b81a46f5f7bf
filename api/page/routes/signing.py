"""`/sign-in` and `/sign-out`: a browser shows an API key."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from api.page.rendering import page
from api.page.signing import back_to, is_forged, sign_in, sign_out
from api.problems import Problem
from orchestrator.access.keeping import Keyring

LONGEST = 200
UNKNOWN = "No such key, or it was revoked. Keys begin with dm_; docmill keys create makes one."

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
async def form(request: Request, next: str = "/") -> Response:
    """Ask for a key."""
    return page(request, "sign_in.html", next=back_to(next), why="")


@router.post("/sign-in")
async def enter(
    request: Request,
    key: Annotated[str, Form(max_length=LONGEST)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Take a key, where it is one."""
    _refuse_forged(request)
    keyring: Keyring = request.app.state.keyring
    if await keyring.find(key.strip()) is None:
        return page(request, "sign_in.html", 401, next=back_to(next), why=UNKNOWN)
    answer = RedirectResponse(back_to(next), 303)
    sign_in(request, answer, key.strip())
    return answer


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    """Forget the key."""
    _refuse_forged(request)
    answer = RedirectResponse("/sign-in", 303)
    sign_out(answer)
    return answer


def _refuse_forged(request: Request) -> None:
    if is_forged(request):
        raise Problem("foreign-site", "only the page itself signs in or out")
