"""Where the programs of one data folder keep their locks, records, sockets and logs."""

import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET = 100
"""Bytes: the kernel takes 107 (103 on macOS) for a socket's path."""
PRIVATE = 0o700


@dataclass(frozen=True)
class Folder:
    """A data folder.

    Args:
        root: absolute.
    """

    root: Path

    @classmethod
    def of(cls, data_dir: Path) -> "Folder":
        """The folder, made where it is missing; what lies in it is for its owner only."""
        folder = cls(data_dir.absolute())
        folder.root.mkdir(parents=True, exist_ok=True, mode=PRIVATE)  # of one that was there its owner has decided
        for path in (folder.run, folder.valkey, folder.logs):
            path.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        for path in (folder.run, folder.valkey):
            path.chmod(PRIVATE)
        return folder

    @property
    def run(self) -> Path:
        """Locks, records and the socket."""
        return self.root / "run"

    @property
    def valkey(self) -> Path:
        """Valkey's append-only files."""
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        """One file a program."""
        return self.root / "logs"

    def socket(self, recorded: Path | None) -> Path:
        """Where Valkey's socket goes: in the folder, or in a runtime directory where its path would be too long.

        Args:
            recorded: where it was the last time; kept if that is still a private directory of ours.
        """
        here = self.run / "valkey.sock"
        if _fits(here):
            return here
        if recorded is not None and _fits(recorded) and _is_private(recorded.parent):
            return recorded
        places = (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp")
        for place in filter(None, places):
            if (
                Path(place).is_dir()
                and os.access(place, os.W_OK)
                and _fits(Path(place) / "docmill-12345678" / here.name)
            ):
                return Path(tempfile.mkdtemp(prefix="docmill-", dir=place)) / here.name
        return here


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= LONGEST_SOCKET


def _is_private(path: Path) -> bool:
    """Whether it is a directory that only we may enter: another user could have made one of that name in /tmp."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
