"""Blobs: inputs and large outputs, in a folder or an object store (fsspec), one prefix a document.

`<document>/…` belongs to the document and is deleted with it. Redis holds references only: a value `@<path>` in
`doc:<id>:data` stands for the blob at that path.
"""

import hashlib
import shutil
from pathlib import Path
from typing import IO, Any

import fsspec  # pyright: ignore[reportMissingTypeStubs]

from orchestrator.errors import UsageError
from orchestrator.tracing import span

INLINE = 64 * 1024
"""Bytes: larger values travel by reference."""
ITEM_INLINE = 4096
"""Bytes: larger items of a fan-out travel by reference."""
CHUNK = 1024 * 1024


class Blobs:
    """The blob store.

    Args:
        url: an fsspec URL of a folder, e.g. `file:///var/lib/docmill/blobs` or `s3://bucket/prefix`.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        fs, root = fsspec.core.url_to_fs(url)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        self._fs: Any = fs
        self._is_local = "file" in _protocols(fs)
        self._root = str(root)  # pyright: ignore[reportUnknownArgumentType]

    def put_file(self, path: str, source: IO[bytes]) -> tuple[str, int]:
        """Copy a stream to `path`; returns (SHA-256 in hex, bytes)."""
        with span("store blob", "client") as told:
            digest, size = self._copy_in(path, source)
            told.put({"docmill.bytes": size})
        return digest, size

    def _copy_in(self, path: str, source: IO[bytes]) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        full = self._full(path)
        self._fs.makedirs(full.rsplit("/", 1)[0], exist_ok=True)
        with self._fs.open(full, "wb") as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        return digest.hexdigest(), size

    def put(self, path: str, value: bytes) -> None:
        """Write one value whole: readers see the old one or the new one, never a part; object stores do so by themselves."""
        with span("store blob", "client", {"docmill.bytes": len(value)}):
            self._put(self._full(path), value)

    def _put(self, full: str, value: bytes) -> None:
        if not self._is_local:
            self._fs.pipe_file(full, value)
            return
        Path(full).parent.mkdir(parents=True, exist_ok=True)
        part = Path(f"{full}.part")
        part.write_bytes(value)
        part.replace(full)

    def get(self, path: str) -> bytes:
        """The value at `path`.

        Raises:
            FileNotFoundError: nothing is there.
        """
        with span("read blob", "client") as told:
            value = bytes(self._fs.cat_file(self._full(path)))
            told.put({"docmill.bytes": len(value)})
        return value

    def copy(self, path: str, to: str) -> int:
        """Copy one value whole inside the store; returns its bytes.

        Raises:
            FileNotFoundError: nothing is there.
        """
        source, full = self._full(path), self._full(to)
        if not self._is_local:
            self._fs.cp_file(source, full)
            return int(self._fs.size(full))
        Path(full).parent.mkdir(parents=True, exist_ok=True)
        part = Path(shutil.copyfile(source, f"{full}.part"))
        part.replace(full)
        return Path(full).stat().st_size

    def local(self, path: str, cache: Path) -> Path:
        """A local file with the blob's bytes: the blob itself where the store is a folder, else a copy under `cache`."""
        full = self._full(path)
        if self._is_local:
            return Path(full)
        copy = cache / path
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            part = copy.with_suffix(copy.suffix + ".part")
            self._fs.get_file(full, str(part))
            shutil.move(part, copy)
        return copy

    def folders(self) -> list[str]:
        """The names of all documents' folders."""
        if not self._fs.exists(self._root):
            return []
        found: list[dict[str, Any]] = self._fs.ls(self._root, detail=True, refresh=True)
        return [str(one["name"]).rstrip("/").rpartition("/")[2] for one in found if one["type"] == "directory"]

    def delete(self, prefix: str) -> None:
        """Delete everything under a document's prefix; nothing there is fine."""
        full = self._full(prefix.rstrip("/"))
        if self._fs.exists(full):
            self._fs.rm(full, recursive=True)

    def _full(self, path: str) -> str:
        if ".." in path.split("/") or path.startswith("/") or not path:
            raise UsageError(f"{path!r} is not a path inside the blob store")
        return f"{self._root}/{path}"


def _protocols(fs: Any) -> tuple[str, ...]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)
