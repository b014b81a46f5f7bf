"""A document's dossier: all that is known of what was found in it, also where it goes on or has failed.

It is read from the outputs of the steps of the `document` pipeline, by their names; what another pipeline's step of such
a name gives is left out.
"""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from orchestrator.errors import NotFound
from orchestrator.findings import Category, FailedPage, Fields, PageText, Stored, Summary, Text
from orchestrator.source import Source
from orchestrator.views import is_reference

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.reading import Reading
    from orchestrator.views import Document, StepView

T = TypeVar("T")
READS = "ocr"
"""The step that reads the pages."""


@dataclass(frozen=True)
class Dossier:
    """All that is known of one document; None where a step has not told (yet)."""

    document: "Document"
    parameters: dict[str, Any]
    """Of the pipeline, as submitted, defaults included."""
    source: Source | None = None
    category: Category | None = None
    fields: Fields | None = None
    summary: Summary | None = None
    text: Text | None = None
    stored: Stored | None = None
    pages: tuple[PageText, ...] = ()
    """Those that were read, in order."""

    @property
    def name(self) -> str:
        """The file's name; the id where no file was submitted."""
        return self.source.name if self.source else self.document.id

    @property
    def page_count(self) -> int:
        """How many pages it has, as far as is known."""
        if self.text is not None:
            return self.text.pages
        reading = next((step for step in self.document.steps if step.name == READS), None)
        return max(len(self.pages), (reading.total or 0) if reading else 0)

    @property
    def failed_pages(self) -> list[FailedPage]:
        """Those that could not be read."""
        return self.text.failed_pages if self.text else []

    @property
    def review(self) -> list[str]:
        """Why a person should look at it."""
        return self.stored.review if self.stored else []

    @property
    def language(self) -> str:
        """ISO 639-1; empty where nobody knows."""
        return self.text.lang if self.text else next((page.lang for page in self.pages if page.lang), "")


async def read_dossier(mill: "Reading", document: str) -> Dossier:
    """Gather it.

    Raises:
        NotFound: no such document, or it was purged.
    """
    found = await mill.get(document)
    parameters = await mill.parameters(document)
    outputs = {step.name: await _output(mill, found, step.name) for step in found.steps if step.name != READS}
    return Dossier(
        found,
        parameters,
        source=_as(Source, parameters.get("source")),
        category=_as(Category, outputs.get("classify")),
        fields=_as(Fields, outputs.get("extract")),
        summary=_as(Summary, outputs.get("summarise")),
        text=_as(Text, outputs.get("join")),
        stored=_as(Stored, outputs.get("store")),
        pages=await _pages(mill, found),
    )


async def local_source(mill: "Reading", source: Source) -> "Path | None":
    """The submitted file on this machine; None where the blob store has it no more."""
    path = await asyncio.to_thread(_local, mill, source)
    return path if path and path.is_file() else None


def _local(mill: "Reading", source: Source) -> "Path | None":
    try:
        return mill.blobs.local(source.blob, mill.settings.data_dir / "cache")
    except OSError:
        return None


async def _pages(mill: "Reading", document: "Document") -> tuple[PageText, ...]:
    reading = next((step for step in document.steps if step.name == READS), None)
    items = await mill.items(document.id, READS, _items(reading)) if reading else []
    pages = [page for page in (_as(PageText, item) for item in items) if page is not None]
    return tuple(sorted(pages, key=lambda page: page.index))


def _items(step: "StepView") -> int:
    return step.total or 0 if step.done is not None else 0


async def _output(mill: "Reading", document: "Document", step: str) -> Any:
    """The step's output, large or not; None where there is none, or its blob is gone."""
    output = document.outputs.get(step)
    if not is_reference(output):
        return output
    try:
        return await mill.output(document.id, step)
    except (NotFound, FileNotFoundError):
        return None


def _as(kind: type[T], value: Any) -> T | None:
    """The value as that type; None where it is none."""
    if value is None:
        return None
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None
