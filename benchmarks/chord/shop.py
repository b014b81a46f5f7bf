"""The documents of the shop, and what became of them, as the files say: whatever a queue says of it."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

PARTS = 50
BROKEN = 7
"""Which of them is no text."""
WAITING = 30
"""Documents that wait when an urgent one comes."""
FOLDER = "DOCUMENTS_FOLDER"
"""Where `work` keeps what it did."""


@dataclass(frozen=True)
class Shop:
    """A folder of documents, and one of what was made of them."""

    folder: Path

    @property
    def found(self) -> Path:
        """Where results, reports and the log of the work lie."""
        return self.folder / "found"

    def batch(self) -> list[str]:
        """Fifty documents of two pages, one of them broken."""
        paths = [self.document(f"part{number:02}") for number in range(1, PARTS + 1)]
        Path(paths[BROKEN - 1]).write_bytes(b"\xff\xfe no text")
        return paths

    def document(self, name: str) -> str:
        """A document of two pages."""
        path = self.folder / f"{name}.txt"
        path.write_text(f"Invoice {name}. Total: 12.50\fThank you. Bye.")
        return str(path)

    def forget(self) -> None:
        """Everything that was made."""
        shutil.rmtree(self.found, ignore_errors=True)
        self.found.mkdir()

    def stored(self) -> int:
        """Documents that were stored."""
        return len(list(self.found.glob("*.json")))

    def last_stored(self) -> float:
        """When the last one was: seconds of the epoch."""
        return max(path.stat().st_mtime for path in self.found.glob("*.json"))

    def reports(self) -> list[dict[str, int]]:
        """What each run of the aggregate wrote."""
        path = self.found / "reports.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def done_before(self, name: str) -> int:
        """Pieces of work on other documents that were done before that one was stored."""
        log = (self.found / "work.log").read_text().splitlines()
        own = {f"{word} {name}": times for word, times in (("count_pages", 1), ("read_page", 2))}
        before = log[: log.index(f"save {name}")]
        return len(before) - sum(own.values()) - 3  # its kind, its fields, its summary
