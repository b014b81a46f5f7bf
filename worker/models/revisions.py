"""What tells weights from others of the same name: what is in their files, and the versions of what runs them."""

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def package(name: str) -> str:
    """A package's version; empty where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def weights(path: Path | None) -> str:
    """A digest of a file, or of all files of a folder, read once while they do not change; empty where there is nothing.

    By content, so that two machines with copies of the same weights agree.
    """
    if path is None or not path.exists():
        return ""
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    told = [f"{one.relative_to(path)}:{_content(one)}" for one in files]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _content(file: Path) -> str:
    found = file.stat()
    return _digest(file, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _digest(file: Path, changed: int, size: int) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
