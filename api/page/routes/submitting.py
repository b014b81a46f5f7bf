"""`POST /documents`: a file that was dropped on the page, or chosen in its form."""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from api.accepting import accept
from api.bodies import submission_in
from api.page.parts import ThePulse
from api.page.refusing import wants_page
from api.parts import TheAccess, TheInputs, TheMill, as_json

router = APIRouter(include_in_schema=False)


@router.post("/documents")
async def submit(request: Request, mill: TheMill, inputs: TheInputs, access: TheAccess, pulse: ThePulse) -> Response:
    """Submit an upload, and go to the page of its document; a script is told its address."""
    async with submission_in(request) as (wanted, upload):
        document = await accept(mill, inputs, access, wanted, upload)
    pulse.nudge()
    address = f"/documents/{document}"
    if wants_page(request):
        return RedirectResponse(address, 303)
    told: dict[str, Any] = {"id": document, "address": address}
    return as_json(told, 202, Location=address)
