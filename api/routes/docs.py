"""`/docs`: the API's description as a page, from files of this server alone."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

SHELF = Path(str(files("fastapi_offline"))) / "static"
FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css", "favicon.png": "image/png"}
A_DAY = {"Cache-Control": "max-age=86400"}

router = APIRouter(prefix="/docs", include_in_schema=False)


@router.get("")
async def page() -> Response:
    """Swagger UI, over this API's own description."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="docmill",
        swagger_js_url="/docs/swagger-ui-bundle.js",
        swagger_css_url="/docs/swagger-ui.css",
        swagger_favicon_url="/docs/favicon.png",
    )


@router.get("/{name}")
async def part(name: str) -> Response:
    """A file that the page needs."""
    if name not in FILES:
        raise HTTPException(404)
    return FileResponse(SHELF / name, headers=A_DAY, media_type=FILES[name])
