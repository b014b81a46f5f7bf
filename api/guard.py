"""Who asks: judged before anything of a request's body is read."""

import math
from functools import lru_cache
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.inputs import is_loopback
from api.page.signing import is_forged, key_shown
from api.problems import Problem, answer_to
from api.scopes import OUTLIVING, is_public, scope_for
from orchestrator.access import EVERYTHING, Access, Kept
from orchestrator.access.keeping import Keyring
from orchestrator.calls.access import Spent
from orchestrator.errors import DocmillError

HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""What documents say leaves as data: no browser is to take it for a page, or run it."""
CHALLENGE = 'Bearer realm="docmill"'
LONGEST_HOST = 300
"""Characters: a name has 253 at most, and a port follows."""
MAKE_ONE = "docmill keys create --tenant NAME --scopes submit,read makes one"


class Guard:
    """Lets through who may, and says in `request.state.access` what they may.

    Args:
        host: what the API is bound to. Bound to loopback, it asks for no key as long as there is none.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app, self._is_local = app, is_loopback(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge one request."""
        if scope["type"] != "http" or is_public(scope["path"]):
            return await self._app(scope, receive, send)
        request, headers = Request(scope), dict(HARMLESS)
        try:
            access = await self._access(request, headers)
        except (Problem, DocmillError) as problem:
            return await _refuse(request, problem, headers)(scope, receive, send)
        scope.setdefault("state", {})["access"] = access
        return await self._app(scope, receive, _adding(headers, send))

    async def _access(self, request: Request, headers: dict[str, str]) -> Access:
        """What the request may do; `headers` gets what belongs to any answer to it."""
        keyring: Keyring = request.app.state.keyring
        kind, _, text = request.headers.get("authorization", "").partition(" ")
        signed, stale = None if kind else key_shown(request), request.scope["path"] in OUTLIVING
        if not kind and self._is_local and not await keyring.exists(stale):
            _refuse_strangers(request)
            return EVERYTHING
        if signed is not None and is_forged(request):
            raise Problem("foreign-site", "a page of another site may not ask this")
        kept = await keyring.find(signed or text.strip(), stale) if signed or kind.lower() == "bearer" else None
        if kept is None:
            headers["WWW-Authenticate"] = CHALLENGE
            raise Problem("no-key", _why_not(kind))
        spent = await keyring.spend(kept)
        if spent is not None:
            _count(kept, spent, headers)
        needed = scope_for(request.method, request.scope["path"])
        if needed and not kept.access.may(needed):
            told = f"this needs the scope {needed!r}, and key {kept.id} has {', '.join(kept.scopes)}: take another key"
            raise Problem("scope-missing", told)
        return kept.access


def _why_not(kind: str) -> str:
    if not kind:
        return f"send the header Authorization: Bearer and an API key: {MAKE_ONE}"
    if kind.lower() != "bearer":
        return "docmill knows API keys only: send the header Authorization: Bearer and the key"
    return f"no such key, or it was revoked: {MAKE_ONE}"


def _count(kept: Kept, spent: Spent, headers: dict[str, str]) -> None:
    """Say what is left, as the draft standard has it; and refuse where nothing is."""
    assert kept.rate is not None
    rate, wait = kept.rate, math.ceil(spent.wait)
    headers["RateLimit-Policy"] = f'"key";q={rate.count};w={rate.seconds}'
    headers["RateLimit"] = f'"key";r={spent.left};t={wait}'
    if not spent.is_allowed:
        told = f"key {kept.id} may send {rate.count} requests in {rate.seconds} s: wait {max(1, wait)} s"
        raise Problem("rate-limited", told, retry_after=max(1, wait))


def _refuse_strangers(request: Request) -> None:
    """No page of another site may use a browser of this machine to reach what asks for no key."""
    given = request.headers.get("host", "")
    host = _name_in(f"//{given}") if len(given) <= LONGEST_HOST else ""  # what is remembered of hosts stays small
    if not (is_loopback(host) or host.endswith(".localhost")):
        told = f"without API keys only this machine is answered, and {host!r} is not its name: {MAKE_ONE}"
        raise Problem("misdirected", told)
    origin = request.headers.get("origin")
    if origin is not None and origin.lower().partition("//")[2] != request.headers["host"].lower():
        raise Problem("foreign-site", f"a page of another site may not ask this: {MAKE_ONE}")


@lru_cache(maxsize=1024)
def _name_in(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _refuse(request: Request, problem: Exception, headers: dict[str, str]) -> Response:
    answer = answer_to(request, problem)
    for name, value in headers.items():
        answer.headers.setdefault(name, value)  # a page has a policy of its own
    return answer


@lru_cache(maxsize=64)
def _raw(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode(), value.encode()


def _adding(headers: dict[str, str], send: Send) -> Send:
    """Sends an answer with more headers, but for those that it has itself."""
    more = [_raw(name, value) for name, value in headers.items()]

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            has = {name for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(pair for pair in more if pair[0] not in has)]
        await send(message)

    return sending
