"""Which scope a route needs: declared once, for all of them. What is not declared is for `admin`."""

PUBLIC = frozenset({"/healthz", "/readyz", "/version", "/openapi.json", "/docs"})
"""What says nothing of anybody's documents, and is asked for by machines and browsers that hold no key."""
PUBLIC_UNDER = "/docs/"
LOOKING = frozenset({"GET", "HEAD"})

NEEDED: dict[str, tuple[str, str]] = {
    "/v1/documents": ("read", "submit"),
    "/v1/batches": ("read", "submit"),
    "/v1/dead-letters": ("read", "submit"),
    "/v1/predict": ("read", "submit"),
    "/v1/webhooks": ("submit", "submit"),
    "/v1/pipelines": ("read", "operate"),
    "/v1/lanes": ("operate", "operate"),
    "/v1/workers": ("operate", "operate"),
    "/v1/models": ("operate", "operate"),
    "/v1/schedules": ("operate", "operate"),
    "/v1/stats": ("operate", "operate"),
    "/metrics": ("operate", "operate"),
}
"""A resource -> the scope to look, the scope to do anything else; for all addresses under it."""


def is_public(path: str) -> bool:
    """Whether a path is answered without a key."""
    return path in PUBLIC or path.startswith(PUBLIC_UNDER)


def scope_for(method: str, path: str) -> str:
    """The scope that a request needs."""
    parts = path.split("/")
    resource = "/".join(parts[:3] if parts[1:2] == ["v1"] else parts[:2])
    look, act = NEEDED.get(resource, ("admin", "admin"))
    return look if method in LOOKING else act
