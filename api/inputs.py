"""Files of the server that a request names by path: which may be read, and how they are opened."""

import ipaddress
import os
import stat
from pathlib import Path
from typing import IO

from api.problems import Problem
from orchestrator.settings import Settings


class Inputs:
    """The folders whose files may be submitted by path.

    Roots that are configured always hold. Without them any path is allowed while the API is bound to loopback, since
    whoever reaches it could read the files anyway; otherwise none is.
    """

    def __init__(self, settings: Settings, host: str) -> None:
        named = [part.strip() for part in settings.input_roots.split(",") if part.strip()]
        anywhere = [Path("/")] if is_loopback(host) else []
        self._roots = [Path(root).expanduser().resolve() for root in named] if named else anywhere

    def open(self, path: str) -> tuple[str, IO[bytes]]:
        """The file's name and its content, for the caller to close; blocking.

        Raises:
            Problem: it is not allowed, or cannot be read.
        """
        place = self._allowed(path)
        try:
            # Nothing that changed since it was resolved is followed, and a pipe does not block.
            descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as problem:
            raise Problem("unreadable-path", f"{path} cannot be read ({problem.strerror})") from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise Problem("unreadable-path", f"{path} is not a file")
        return place.name, os.fdopen(descriptor, "rb")

    def _allowed(self, path: str) -> Path:
        if not Path(path).is_absolute():
            raise Problem("unreadable-path", f"{path!r} is not an absolute path: give one that begins with /")
        try:
            place = Path(path).resolve()
        except (OSError, RuntimeError, ValueError):
            raise Problem("unreadable-path", f"{path!r} cannot be a path of this server") from None
        if not any(place.is_relative_to(root) for root in self._roots):
            how = "upload the file, or put its folder into DOCMILL_INPUT_ROOTS"
            raise Problem("path-not-allowed", f"{path} is not under a folder that this server reads from: {how}")
        return place


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what is bound to `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
