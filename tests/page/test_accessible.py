"""axe-core, which knows the rules of WCAG 2.2, finds nothing: in light and in dark, on every kind of page."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.page.pipelines import paged
from tests.page.serving import Api
from tests.page.test_acting import fail
from tests.support.engine import Engine
from tests.support.pipelines import chain

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def furnish(engine: Engine) -> str:
    """Some of everything; returns a document that is half done."""
    fail(engine, 3)
    document = engine.submit(paged, source={"name": "a", "blob": "b"})
    slot = engine.slot("w/0", ("gpu", "cpu"))
    told = {"lanes": "gpu cpu", "host": "node", "slots": "1", "cards": '[{"name": "L40S", "total": 9, "free": 3}]'}
    told["slot.0"] = '{"state": "ready", "models": [{"name": "reader", "bytes": 7, "pinned": true}]}'
    engine.transport.send(slot.supervision.renew(slot.slots, told))
    slot.complete(slot.take(), ["a", "b", "c"])
    slot.complete(slot.take(), "A")
    slot.fail(slot.take(), delay=60)
    slot.take()
    engine.submit(chain, text="a", priority=9)
    return document


def violations(found: Any) -> list[tuple[str, str]]:
    """What is wrong, and where."""
    return [(one["id"], node["html"][:200]) for one in found.response["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out(api: Api, engine: Engine, browser: Browser, scheme: Any) -> None:
    document = furnish(engine)
    addresses = [
        "/",
        f"/documents/{document}",
        "/documents?status=failed&sure=retry",
        "/lanes/cpu",
        "/sign-in",
        "/documents/0-x",
    ]
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for address in addresses:
        page.goto(api.address + address)
        if address == "/":
            expect(page.locator("#flights h2")).to_have_text(re.compile("In flight: 1"))
            page.locator("#drain-w summary").click()
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found = violations(Axe().run(page, options=RULES))  # pyright: ignore[reportUnknownMemberType]
        assert found == [], (address, found)
    context.close()


def test_a_narrow_screen_scrolls_one_way(api: Api, engine: Engine, browser: Browser) -> None:
    """Tables that are too wide scroll by themselves, and can be reached by the keyboard."""
    document = furnish(engine)
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    for address in ("/", f"/documents/{document}", "/documents"):
        page.goto(api.address + address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, (address, wide)
        assert page.locator(".scroll:not([tabindex])").count() == 0
    context.close()
