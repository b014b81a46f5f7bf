"""Which scope a route needs: declared once, for all of them. What is not declared is for `admin`."""

PUBLIC = frozenset({"/healthz", "/readyz", "/version", "/openapi.json", "/docs", "/sign-in", "/sign-out"})
"""What says nothing of anybody's documents, and is asked for by machines and browsers that hold no key."""
PUBLIC_UNDER = ("/docs/", "/static/")
OUTLIVING = frozenset({"/metrics"})
"""What answers while Redis is away too: there, a key is good as long as it was when it was last looked up."""
LOOKING = frozenset({"GET", "HEAD"})

ANY = ""
"""Whoever has a key: what they see there depends on what else they may."""
PAGES = frozenset(
    {"", "live", "documents", "find", "dead-letters", "lanes", "workers", "sign-in", "sign-out", "static"}
)
"""How the addresses begin that people look at, in a browser."""

NEEDED: dict[str, tuple[str, str]] = {
    "/v1/documents": ("read", "submit"),
    "/v1/batches": ("read", "submit"),
    "/v1/dead-letters": ("read", "submit"),
    "/v1/predict": ("read", "submit"),
    "/v1/webhooks": ("submit", "submit"),
    "/v1/pipelines": ("read", "operate"),
    "/v1/lanes": ("watch", "operate"),
    "/v1/workers": ("watch", "operate"),
    "/v1/models": ("watch", "operate"),
    "/v1/schedules": ("watch", "operate"),
    "/v1/stats": ("watch", "operate"),
    "/metrics": ("watch", "operate"),
    "/": (ANY, ANY),
    "/live": (ANY, ANY),
    "/documents": ("read", "submit"),
    "/find": ("read", "read"),
    "/dead-letters": ("read", "submit"),
    "/lanes": ("watch", "operate"),
    "/workers": ("watch", "operate"),
}
"""A resource -> the scope to look, the scope to do anything else; for all addresses under it."""


def is_public(path: str) -> bool:
    """Whether a path is answered without a key."""
    return path in PUBLIC or path.startswith(PUBLIC_UNDER)


def is_page(path: str) -> bool:
    """Whether a path is of the live page, for people."""
    return path.split("/")[1] in PAGES if path.startswith("/") else False


def scope_for(method: str, path: str) -> str:
    """The scope that a request needs."""
    parts = path.split("/")
    resource = "/".join(parts[:3] if parts[1:2] == ["v1"] else parts[:2])
    look, act = NEEDED.get(resource, ("admin", "admin"))
    return look if method in LOOKING else act
