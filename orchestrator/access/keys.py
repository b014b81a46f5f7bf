"""API keys: how they are made, written and read. Only a digest is kept: who reads Redis has no key."""

import hashlib
import hmac
import math
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

import msgspec

from orchestrator.access.access import SCOPES, Access
from orchestrator.admission import URGENT, priority
from orchestrator.errors import UsageError
from orchestrator.ids import ALPHABET, short_id

MARK = "dm"
"""What a key begins with, so that scanners of source code can find one that was left there."""
SECRET_BYTES = 32
KEY = re.compile(rf"{MARK}_([{ALPHABET}]{{8}})_([\w-]{{43}})", re.ASCII)
TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""No colon: the tenant is a part of key names, and must not reach into another's."""
RATE = re.compile(r"([1-9]\d{0,6})/(s|min|h)")
PERIODS = {"s": 1, "min": 60, "h": 3600}
LONGEST_LABEL = 120


class Rate(msgspec.Struct, frozen=True):
    """So many requests in so many seconds, all of them at once too."""

    count: int
    seconds: int

    @classmethod
    def of(cls, text: str) -> "Rate":
        """Read `10/s`, `600/min`, `5000/h`.

        Raises:
            UsageError: it is none of these.
        """
        found = RATE.fullmatch(text.strip())
        if found is None:
            raise UsageError(f"rate {text!r} is not possible: write 10/s, 600/min or 5000/h")
        return cls(int(found[1]), PERIODS[found[2]])

    @property
    def interval(self) -> int:
        """Microseconds that one request is worth."""
        return math.ceil(self.seconds * 1_000_000 / self.count)


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of a key."""

    id: str
    digest: str
    """SHA-256 of the whole key, hex. It is not salted nor slow: the key is 256 random bits, which nobody guesses."""
    tenant: str
    scopes: tuple[str, ...]
    created: int
    """Milliseconds of the epoch."""
    rate: Rate | None = None
    most_priority: int = URGENT
    roots: tuple[str, ...] | None = None
    label: str = ""

    @property
    def access(self) -> Access:
        """What it opens."""
        return Access(self.tenant, frozenset(self.scopes), self.most_priority, self.roots, self.id)

    def opens(self, text: str) -> bool:
        """Whether a key is this one; takes as long whatever of it is wrong."""
        return hmac.compare_digest(self.digest, digest_of(text))


def new_key(
    tenant: str,
    scopes: Sequence[str],
    now: float,
    *,
    rate: str | None = None,
    most_priority: int = URGENT,
    roots: Sequence[str] | None = None,
    label: str = "",
) -> tuple[str, Kept]:
    """A key, to be shown once, and what is kept of it.

    Args:
        now: seconds of the epoch. rate: `10/s`, `600/min`, `5000/h`; None is no limit.

    Raises:
        UsageError: a tenant, scope, rate, priority or folder that cannot be.
    """
    if not TENANT.fullmatch(tenant):
        raise UsageError(f"tenant {tenant!r} is not possible: up to 64 letters, digits, and . _ - inside")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise UsageError(f"scopes {','.join(scopes)!r} are not possible: use some of {', '.join(SCOPES)}")
    if wrong := [root for root in roots or () if not Path(root).is_absolute()]:
        raise UsageError(f"root {wrong[0]!r} is not an absolute path: give one that begins with /")
    if len(label) > LONGEST_LABEL or not label.isprintable():
        raise UsageError(f"a label may have {LONGEST_LABEL} letters, on one line")
    name = short_id()
    text = f"{MARK}_{name}_{secrets.token_urlsafe(SECRET_BYTES)}"
    asked = tuple(scope for scope in SCOPES if scope in scopes)
    limit, folders = None if rate is None else Rate.of(rate), None if roots is None else tuple(roots)
    made = (tenant, asked, int(now * 1000), limit, priority(most_priority), folders, label)
    return text, Kept(name, digest_of(text), *made)


def id_in(text: str) -> str | None:
    """The id that a key names; None where it cannot be a key."""
    found = KEY.fullmatch(text)
    return found[1] if found else None


def digest_of(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode()).hexdigest()
