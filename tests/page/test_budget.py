"""How much a page weighs: 40 kB with all that belongs to it, and one answer for a first picture."""

import gzip

import httpx
from playwright.sync_api import Page, expect

from tests.page.serving import Api
from tests.page.test_accessible import furnish
from tests.support.engine import Engine

MOST = 40_000
"""Bytes over the wire, compressed."""


def test_all_of_it_fits(api: Api, engine: Engine, page: Page) -> None:
    """The page, and every file that it asks for: all from this server, and kept for ever."""
    furnish(engine)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(api.address)
    expect(page.locator("#state")).to_have_text("Live")
    files = [url for url in asked if "/live" not in url and not url.startswith("data:")]
    assert all(url.startswith(api.address) for url in files)
    sizes = {url: size_of(url) for url in files}
    assert sum(sizes.values()) <= MOST, sizes
    for url in files:
        if "/static/" in url:
            assert "immutable" in httpx.get(url).headers["cache-control"]


def size_of(url: str) -> int:
    """Bytes of the answer as they are sent."""
    with httpx.stream("GET", url, headers={"Accept": "text/html", "Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw)
    return len(raw)


def test_the_first_picture_needs_one_answer(api: Api, engine: Engine, page: Page) -> None:
    """Where every other request is lost, the page is there, in its colours."""
    furnish(engine)
    page.route("**/static/**", lambda route: route.abort())
    page.goto(api.address)
    expect(page.locator("#verdict strong")).to_be_visible()
    assert page.locator("#verdict").evaluate("one => getComputedStyle(one).borderRadius") == "8px"


def test_a_document_of_400_pages_stays_small(api: Api, engine: Engine, page: Page) -> None:
    """Its bars are a few paths, not a thousand elements."""
    from tests.page.pipelines import paged

    document = engine.submit(paged, source={"name": "a", "blob": "b"})
    slot = engine.slot()
    slot.complete(slot.take(), ["x"] * 400)
    for _ in range(150):
        slot.complete(slot.take(), "X")
    assert size_of(f"{api.address}/documents/{document}") < 20_000
    page.goto(f"{api.address}/documents/{document}")
    expect(page.locator("#step-look .name")).to_contain_text("150/400")
    assert page.locator("#step-look svg *").count() < 10
