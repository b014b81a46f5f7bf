"""Files of the server that a request names by path: which may be read, and how they are opened."""

import ipaddress
import os
import stat
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO

from api.problems import Problem
from orchestrator.access import EVERYTHING, Access
from orchestrator.settings import Settings


class Inputs:
    """The folders whose files may be submitted by path.

    A key's own roots hold for who shows it, else those that are configured. Without either any path is allowed while the
    API is bound to loopback and asks for no key, since whoever reaches it could read the files anyway; otherwise none is.
    """

    def __init__(self, settings: Settings, host: str) -> None:
        named = [part.strip() for part in settings.input_roots.split(",") if part.strip()]
        self._named = _resolved(named)
        self._is_local = is_loopback(host)

    def open(self, path: str, access: Access = EVERYTHING) -> tuple[str, IO[bytes]]:
        """The file's name and its content, for the caller to close; blocking.

        Args:
            access: a key may have roots of its own.

        Raises:
            Problem: it is not allowed, or cannot be read.
        """
        place = self._allowed(path, self._roots(access))
        try:
            # Nothing that changed since it was resolved is followed, and a pipe does not block.
            descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as problem:
            raise Problem("unreadable-path", f"{path} cannot be read ({problem.strerror})") from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise Problem("unreadable-path", f"{path} is not a file")
        return place.name, os.fdopen(descriptor, "rb")

    def _roots(self, access: Access) -> Sequence[Path]:
        if access.roots is not None:
            return _resolved(access.roots)
        # Whoever holds a key may be anywhere, also where a proxy of this machine brings the request.
        return self._named or ([Path("/")] if self._is_local and not access.key else [])

    def _allowed(self, path: str, roots: Sequence[Path]) -> Path:
        if not Path(path).is_absolute():
            raise Problem("unreadable-path", f"{path!r} is not an absolute path: give one that begins with /")
        try:
            place = Path(path).resolve()
        except (OSError, RuntimeError, ValueError):
            raise Problem("unreadable-path", f"{path!r} cannot be a path of this server") from None
        if not any(place.is_relative_to(root) for root in roots):
            how = "upload the file, or put its folder into DOCMILL_INPUT_ROOTS"
            raise Problem("path-not-allowed", f"{path} is not under a folder that this server reads from: {how}")
        return place


def _resolved(roots: Sequence[str]) -> Sequence[Path]:
    return [Path(root).expanduser().resolve() for root in roots]


@lru_cache(maxsize=1024)
def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what is bound to `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
