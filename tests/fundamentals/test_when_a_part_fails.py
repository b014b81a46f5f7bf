"""A step may say that its failure is not its document's; a step may flag its document for people."""

import pytest

from orchestrator.client import Mill
from orchestrator.errors import UsageError


async def test_a_page_that_fails_does_not_lose_the_document(mill: Mill) -> None:
    found = await mill.wait(await mill.submit("scanning", {"text": "a bad c"}), 30)
    assert found.status == "partial"
    assert found.outputs["gather"] == "A ? C (1: Fatal: it cannot be read)"
    scan = next(step for step in found.steps if step.name == "scan")
    assert (scan.state, scan.done, scan.total, scan.failed) == ("done", 2, 3, 1)
    assert await mill.output(found.id, "scan") == ["A", None, "C"]


async def test_more_failures_than_allowed_fail_the_document(mill: Mill) -> None:
    found = await mill.wait(await mill.submit("strict_scanning", {"text": "a bad bad"}), 30)
    assert (found.status, found.error) == ("failed", "scan_strictly: it cannot be read")


async def test_what_is_nice_to_have_is_skipped(mill: Mill) -> None:
    found = await mill.wait(await mill.submit("with_extras", {"text": "good"}), 30)
    assert (found.status, found.outputs["end"]) == ("succeeded", "None good")


async def test_flagged_documents_are_listed(mill: Mill) -> None:
    flagged = await mill.submit("scanning", {"text": "bad b"})
    other = await mill.submit("scanning", {"text": "a b"})
    for document in (flagged, other):
        await mill.wait(document, 30)
    found = {one.id: one.flags for one in await mill.list(flag="needs_review")}
    assert found[flagged] == ["needs_review"]
    assert other not in found
    assert "1 of 2 words could not be read" in (await mill.get(flagged)).log[-1]
    assert await mill.list("succeeded", flag="needs_review") == []
    with pytest.raises(UsageError, match="is no flag"):
        await mill.list(flag="succeeded")
