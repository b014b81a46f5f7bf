"""An entry of the cache in the making: the folder of its blobs, which nobody sees before all of them are written."""

from collections.abc import Callable

from orchestrator.blobs import Blobs


class Draft:
    """The blobs of one entry; each run writes a folder of its own, so two that keep the same do not meet.

    Args:
        begin: says that the folder is about to be written: whoever dies then leaves nothing behind for ever.
    """

    def __init__(self, path: str, blobs: Blobs, begin: Callable[[str], object]) -> None:
        self._path, self._blobs, self._begin = path, blobs, begin
        self._adopted: dict[str, str] = {}
        self.size, self._begun = 0, False

    @property
    def folder(self) -> str:
        """Its path; empty where nothing was written."""
        return self._path if self._begun else ""

    def put(self, value: bytes) -> bytes:
        """Write a value; returns the reference to it."""
        path = f"{self._folder()}/value"
        self._blobs.put(path, value)
        self.size += len(value)
        return b"@" + path.encode()

    def adopt(self, path: str) -> str:
        """Copy a document's blob, once; returns the copy's path."""
        if path not in self._adopted:
            copy = f"{self._folder()}/{len(self._adopted)}-{path.rpartition('/')[2]}"
            self.size += self._blobs.copy(path, copy)
            self._adopted[path] = copy
        return self._adopted[path]

    def _folder(self) -> str:
        if not self._begun:
            self._begin(self._path)
            self._begun = True
        return self._path
