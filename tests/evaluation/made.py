"""Small dossiers and rows, made by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestrator.dossier import Dossier
from orchestrator.evaluation.truth import Fields as TrueFields
from orchestrator.evaluation.truth import Truth
from orchestrator.findings import (
    Category,
    Check,
    Evidence,
    FailedPage,
    Field,
    Fields,
    Line,
    PageText,
    Stored,
    Summary,
    Text,
)
from orchestrator.source import Source
from orchestrator.views import Document, StepView

CATEGORIES = ["invoice", "receipt", "contract"]
SHOP = PageText(
    0,
    "Corner Café  Invoice\nTotal  EUR 1.234,50\nblurred",
    "ocr",
    [
        Line("Corner Café", (100, 50, 400, 80), 0.99),
        Line("Invoice", (600, 50, 800, 80), 0.98),
        Line("Total", (100, 200, 200, 230), 0.97),
        Line("EUR 1.234,50", (600, 200, 800, 230), 0.96),
        Line("blurred", (100, 900, 200, 930), 0.72),
    ],
    lang="en",
    seconds=2.0,
)
VENDOR = Field("Corner Café", "text", Evidence(1, "Corner Café", (100, 50, 400, 80)), 0.9)
TOTAL = Field("1234.50", "amount", Evidence(1, "1.234,50", (650, 200, 800, 230)), 0.8)


def document(status: str = "succeeded", error: str | None = None) -> Document:
    """As the mill tells it: 10 seconds of work after 5 of waiting, 2 of them in each step."""
    steps = [StepView("ocr", "done", started_at="2026-01-01T00:00:05Z", finished_at="2026-01-01T00:00:07Z", total=1)]
    steps += [
        StepView(name, "done", started_at="2026-01-01T00:00:07Z", finished_at="2026-01-01T00:00:09Z")
        for name in ("join", "classify")
    ]
    begun, ended = "2026-01-01T00:00:00Z", "2026-01-01T00:00:15Z"
    return Document("0-1", status, "document@3", 5, "default", begun, begun, ended, error, steps, {}, [])


def dossier(
    fields: Mapping[str, Field] | None = None,
    *,
    category: str = "invoice",
    name: str = "a.pdf",
    pages: Sequence[PageText] = (SHOP,),
    failed: Sequence[FailedPage] = (),
    review: Sequence[str] = (),
    checks: Sequence[Check] = (),
    missing: Sequence[str] = (),
    dropped: Sequence[str] = (),
    **of_document: Any,
) -> Dossier:
    """A document that was read."""
    found = {"vendor": VENDOR, "total": TOTAL} if fields is None else dict(fields)
    text = "\f".join(page.text for page in pages)
    scores = {kind: 0.8 if kind == category else 0.1 for kind in CATEGORIES}
    return Dossier(
        document(**of_document),
        {"categories": CATEGORIES},
        source=Source(name, f"0-1/input/{name}"),
        category=Category(category, 0.8, scores),
        fields=Fields(found, list(checks), list(missing)),
        summary=Summary("A bill.", 2, 1, list(dropped)),
        text=Text(text, len(pages) + len(failed), 1, len(text.split()), list(failed), "en"),
        stored=Stored("file:///x", 1, list(review)),
        pages=tuple(pages),
    )


def truth(fields: TrueFields | None = None, category: str = "invoice", transcript: Path | None = None) -> Truth:
    """Of `a.pdf`."""
    return Truth("a.pdf", Path("a.pdf"), category, "en", fields or {}, canonical=True, transcript=transcript)
