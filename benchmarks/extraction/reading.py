"""The documents' texts, read once by the real text layer and OCR, and kept in a folder for the next run."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from orchestrator.blobs import Blobs
from orchestrator.findings import PageText
from orchestrator.models import loader_of
from orchestrator.settings import Settings
from orchestrator.source import Source
from worker.models import paddleocr as _paddleocr
from worker.steps.ocr import ocr
from worker.steps.pages import pages

assert _paddleocr, "importing it enters the loader into the catalogue"


@dataclass
class Place:
    """A context for steps that run here, without a worker.

    Args:
        settings: with the folder that files and models live in.
    """

    settings: Settings
    id: str = "benchmark"
    job: str = "benchmark/step"
    attempt: int = 1
    fence: int = 1
    deadline: float | None = None
    cancelled: bool = False
    models: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def blobs(self) -> Blobs:
        """A folder."""
        return Blobs(self.settings.blobs)

    def model(self, name: str) -> Any:
        """The catalogue's, loaded once."""
        if name not in self.models:
            self.models[name] = loader_of(name)(self.settings)
        return self.models[name]

    def progress(self, done: int, total: int) -> None:
        """Nobody watches."""


def read_pages(file: Path, place: Place, kept: Path) -> list[PageText]:
    """The pages of a document, from `kept` where an earlier run has read them."""
    shelf = kept / f"{file.name}.json"
    if shelf.exists():
        return msgspec.json.decode(shelf.read_bytes(), type=list[PageText])
    path = f"benchmark/input/{file.name}"
    with file.open("rb") as content:
        digest, size = place.blobs.put_file(path, content)
    source = Source(file.name, path, digest, size)
    read = [ocr(page, lang="auto", ctx=place) for page in pages(source, ctx=place)]
    kept.mkdir(parents=True, exist_ok=True)
    shelf.write_bytes(msgspec.json.encode(read))
    return read
