"""How a browser shows its key: typed once, then a cookie that no script reads and no other site sends.

The cookie counts for what people look at; under `/v1` it opens what changes nothing. Whatever changes something must come
from a page of this very site, so a forged request does nothing.
"""

from urllib.parse import urlsplit

from fastapi import Request, Response

from api.scopes import LOOKING, is_page

COOKIE = "docmill_key"


def key_shown(request: Request) -> str | None:
    """The key of a browser that signed in; None where it did not, or where a cookie does not count."""
    if "cookie" not in request.headers:
        return None
    counts = is_page(request.scope["path"]) or request.method in LOOKING
    return request.cookies.get(COOKIE) if counts else None


def is_forged(request: Request) -> bool:
    """Whether a page of another site may be behind a request that would change something."""
    if request.method in LOOKING:
        return False
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site != "same-origin"
    origin = request.headers.get("origin", "")
    return origin.lower().partition("//")[2] != request.headers.get("host", "").lower()


def sign_in(request: Request, answer: Response, key: str) -> None:
    """Have the browser show the key from now on, until it is closed."""
    secure = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))
    answer.set_cookie(COOKIE, key, httponly=True, samesite="strict", secure=secure, path="/")


def sign_out(answer: Response) -> None:
    """Have it forget the key."""
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", path="/")


def back_to(given: str | None) -> str:
    """Where to go on: an address of this site, whatever was given."""
    parts = urlsplit(given or "/")
    inside = not parts.scheme and not parts.netloc and (given or "/").startswith("/") and "\\" not in (given or "")
    return given or "/" if inside and not (given or "").startswith("//") else "/"
