"""What every address of the page stands on, handed in by the framework."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Response
from starlette.responses import RedirectResponse

from api.page.pulse import Pulse
from api.page.refusing import is_part
from api.page.rendering import render
from api.page.signing import COOKIE, key_shown
from api.page.viewer import Viewer
from api.parts import TheAccess
from orchestrator.access.keeping import Keyring
from orchestrator.errors import ServerError
from orchestrator.overview.views import Overview


async def _viewer(request: Request, access: TheAccess) -> Viewer:
    return Viewer.of(access, signed=COOKIE in request.cookies)


async def _pulse(request: Request) -> Pulse[Overview]:
    return request.app.state.pulse


TheViewer = Annotated[Viewer, Depends(_viewer)]
ThePulse = Annotated[Pulse[Overview], Depends(_pulse)]


def may_go_on(request: Request) -> Callable[[], Awaitable[bool]]:
    """Tells whether somebody who follows still may: their key may be revoked meanwhile."""
    _, _, text = request.headers.get("authorization", "").partition(" ")
    text = text.strip() or key_shown(request) or ""
    keyring: Keyring = request.app.state.keyring

    async def told() -> bool:
        try:
            return not text or await keyring.find(text) is not None
        except ServerError:
            return True  # nobody knows; the page says that Redis does not answer

    return told


def said(request: Request, told: str, back: str) -> Response:
    """What was done, in words: as a part of the page, or by going back to it where no script asked.

    Args:
        back: the page to go back to.
    """
    if is_part(request):
        return Response(render("said.html", said=told, well=True), media_type="text/html; charset=utf-8")
    return RedirectResponse(back, 303)
