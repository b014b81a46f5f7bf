"""One page of a document cannot be read: the others are, and which one is missing is said."""

from pathlib import Path
from typing import Any

import pytest

from orchestrator.client import Mill
from orchestrator.settings import Settings
from tests.documents.paper import BOMB
from tests.support.server import Server
from tests.support.workers import running_worker

PIPELINE = "tests.documents.reading:reading"
pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def torn(samples: Path, tmp_path: Path) -> Path:
    """A contract of two pages, and between them one that is refused."""
    import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

    pdfium: Any = pypdfium2
    (tmp_path / "bomb.pdf").write_bytes(BOMB)
    whole = pdfium.PdfDocument.new()
    contract, bomb = pdfium.PdfDocument(samples / "contract.pdf"), pdfium.PdfDocument(tmp_path / "bomb.pdf")
    for part, pages in ((contract, [0]), (bomb, [0]), (contract, [1])):
        whole.import_pages(part, pages)
    whole.save(tmp_path / "torn.pdf")
    for opened in (whole, contract, bomb):
        opened.close()
    return tmp_path / "torn.pdf"


async def test_the_other_pages_are_kept(torn: Path, server: Server, tmp_path: Path) -> None:
    """Within the bound the document is partial, beyond it it fails; both say which page, and why."""
    mill = Mill.connect(server.url, Settings(data_dir=tmp_path / "data", pipelines=(PIPELINE,)))
    with running_worker(server.url, tmp_path, slots="gpu*1 cpu*1", pipelines=PIPELINE):
        async with mill:
            lenient = await mill.submit_path(torn, pipeline="reading", parameters={"max_failed": 0.3})
            strict = await mill.submit_path(torn, pipeline="reading", parameters={"max_failed": 0.0})
            kept, lost = await mill.wait(lenient, 100), await mill.wait(strict, 100)
    assert kept.status == "partial", kept
    text = kept.outputs["join"]
    assert [page["page"] for page in text["failed_pages"]] == [2]
    assert "3,600,000,000 pixels" in text["failed_pages"][0]["error"]
    first, second, third = text["text"].split("\f")
    assert "Kestrel" in first and second == "" and "Germany" in third
    assert lost.status == "failed" and "1 of 3 pages could not be read" in str(lost.error)
