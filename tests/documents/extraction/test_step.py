"""The step: wired to settings and to a model's server, one that lies included."""

import json
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from orchestrator import Retry
from orchestrator.findings import Category, Fields, PageText, Text
from orchestrator.settings import Settings
from tests.documents.extraction.papers import AMERICAN
from tests.documents.fakes import FakeContext
from tests.documents.llm_server import FaultyServer, completion
from worker.extraction.asking import HEAD, TAIL
from worker.steps.extract import PATIENCE, extract

INVOICE = Category("invoice", 1.0)
SIX_FIELDS = """{"invoice": [
  {"name": "vendor"}, {"name": "number", "kind": "identifier"}, {"name": "date", "kind": "date"},
  {"name": "total", "kind": "amount", "required": true}, {"name": "currency", "kind": "currency"}, {"name": "project"}
]}"""
TWO_TOTALS = "Total  90.00\nTotal  80.00"


async def extracted(ctx: FakeContext, *pages: str, kind: Category = INVOICE) -> Fields:
    """The step, run as the plain function that it is."""
    text = Text("\f".join(pages), len(pages), 0, 0)
    return await extract(text, kind, [PageText(i, page, "text-layer") for i, page in enumerate(pages)], ctx=ctx)


Made = Callable[..., FakeContext]


@pytest_asyncio.fixture
async def made(tmp_path: Path, faulty: FaultyServer) -> AsyncGenerator[Made]:
    """Makes contexts whose model is the server that goes wrong as it is told."""
    contexts: list[FakeContext] = []

    def make(by: str, **more: Any) -> FakeContext:
        settings = Settings(data_dir=tmp_path, llm_url=faulty.url, llm_model="m", extract_by=by, **more)  # pyright: ignore[reportArgumentType]
        contexts.append(FakeContext(settings))
        return contexts[-1]

    yield make
    for ctx in contexts:
        await ctx.model("llm").client.close()


@pytest.mark.parametrize(
    "said",
    [
        {
            "vendor": "Globex Ltd",
            "number": "INV-9999",
            "date": "2031-01-01",
            "total": "999999.00",
            "currency": "XYZ",
            "project": "Mars",
        },
        {"vendor": ["ACME Corporation"], "total": {"value": "1947.42"}, "date": 20240105, "project": 7},
        {},
    ],
    ids=["values that are nowhere", "other shapes", "nothing"],
)
async def test_a_lying_server_gets_nothing_in(said: dict[str, Any], faulty: FaultyServer, made: Made) -> None:
    """It ignores the schema; where the model alone chooses, each of these fields is null."""
    faulty.body = completion(json.dumps(said))
    ctx = made("model", fields=SIX_FIELDS)
    found = await extracted(ctx, AMERICAN)
    assert {name: field.value for name, field in found.fields.items()} == dict.fromkeys(found.fields)
    assert found.missing == ["total"]
    assert len(faulty.requests) == 1
    by_both = await extracted(made("both", fields=SIX_FIELDS), AMERICAN)
    assert by_both.fields["total"].value == "1947.42" and by_both.fields["project"].value is None


async def test_the_server_is_shown_an_enum_of_what_was_found(faulty: FaultyServer, made: Made) -> None:
    """And what it chooses of it counts."""
    faulty.body = completion('{"total": "80.00"}')
    found = await extracted(made("both"), TWO_TOTALS)
    assert found.fields["total"].value == "80.00"
    schema = faulty.requests[0]["response_format"]["json_schema"]["schema"]
    assert set(schema["properties"]["total"]["enum"]) == {"80.00", "90.00", None}


async def test_an_answer_of_no_use_is_asked_for_again_and_then_done_without(faulty: FaultyServer, made: Made) -> None:
    """Ranks choose alone, and a check says so."""
    faulty.body = completion("Sure! The total is 80.00.")
    ctx = made("both")
    with pytest.raises(Retry, match="not the JSON object"):
        await extracted(ctx, TWO_TOTALS)
    ctx.attempt = PATIENCE + 1
    found = await extracted(ctx, TWO_TOTALS)
    assert found.fields["total"].value in ("80.00", "90.00")
    assert [check.name for check in found.checks if not check.holds] == ["the model's choice"]
    assert ctx.uncached, "another document's model may choose"
    with pytest.raises(Retry):
        await extracted(made("model"), TWO_TOTALS)


async def test_by_rank_nothing_is_asked(tmp_path: Path) -> None:
    """There is no server at all."""
    ctx = FakeContext(Settings(data_dir=tmp_path, extract_by="rank"))
    assert (await extracted(ctx, AMERICAN)).fields["number"].value == "#10045"


async def test_a_long_document_sends_no_more_than_its_candidates(faulty: FaultyServer, made: Made) -> None:
    """400 pages of figures, dates and names: quickly ranked, and a short question."""
    faulty.body = completion("{}")
    rows = "\n".join(f"Item {row}  Acme {row} Ltd  {row}.50  3 May 2{row:03}  AB-{row}" for row in range(20))
    pages = [f"Page {number}\n{rows}\nTotal  {number}.00" for number in range(400)]
    began = time.perf_counter()
    await extracted(made("model", fields=SIX_FIELDS), *pages)
    assert time.perf_counter() - began < 20
    (request,) = faulty.requests
    assert len(request["messages"][-1]["content"]) < HEAD + TAIL + 6000


async def test_blank_pages_have_every_field_and_no_value(tmp_path: Path) -> None:
    """And say what is missing."""
    ctx = FakeContext(Settings(data_dir=tmp_path))
    found = await extracted(ctx, "", " ")
    assert {field.value for field in found.fields.values()} == {None}
    assert found.missing == ["vendor", "number", "date", "total"]


@pytest.mark.real
async def test_the_embedded_model_obeys_the_enum(llm_ctx: FakeContext, tmp_path: Path) -> None:
    """Shape and wiring: what it chooses is one of two, and what it copies stands on the page."""
    fields = '{"invoice": [{"name": "total", "kind": "amount"}, {"name": "project"}]}'
    llm_ctx.settings = Settings(data_dir=tmp_path, llm_url=llm_ctx.settings.llm_url, fields=fields)  # pyright: ignore[reportArgumentType]
    page = TWO_TOTALS + "\nSunrise, our new building"
    found = await extracted(llm_ctx, page)
    assert found.fields["total"].value in ("80.00", "90.00")
    project = found.fields["project"]
    assert project.evidence is None or project.evidence.text in page
