"""Without a mouse: / finds, r reloads, p pauses; everything is reached by Tab, and seen to be."""

from playwright.sync_api import Page, expect

from tests.page.serving import Api
from tests.support.engine import Engine
from tests.support.pipelines import chain

STOPS = 6
"""Of an empty page, at least: to find, to submit, to pause, to read on."""


def _next_stop(page: Page) -> dict[str, str]:
    page.keyboard.press("Tab")
    return page.evaluate(
        "({name: document.activeElement.tagName, outline: getComputedStyle(document.activeElement).outlineStyle})"
    )


def test_slash_finds(api: Api, engine: Engine, page: Page) -> None:
    """By an id; and what is typed there is no command."""
    document = engine.submit(chain, text="a")
    page.goto(api.address)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(f"{document}pr/")
    expect(page.locator("#q")).to_have_value(f"{document}pr/")
    page.locator("#q").fill(document)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{api.address}/documents/{document}")


def test_p_pauses_and_goes_on(api: Api, engine: Engine, page: Page) -> None:
    """Nothing moves while somebody reads; then all that happened is there."""
    page.goto(api.address)
    expect(page.locator("#state")).to_have_text("Live")
    expect(page.locator("#find .counts")).to_have_count(0)
    page.keyboard.press("p")
    expect(page.locator("#state")).to_have_text("Paused")
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
    engine.submit(chain, text="a")
    page.wait_for_timeout(1500)  # more than a look: there is no event for what must not happen
    expect(page.locator("#find .counts")).to_have_count(0)
    page.keyboard.press("p")
    expect(page.locator("#find .counts")).to_have_text("1 queued")


def test_r_reloads(api: Api, page: Page) -> None:
    """The same address, anew."""
    page.goto(api.address)
    with page.expect_navigation():
        page.keyboard.press("r")


def test_what_is_focused_is_seen(api: Api, page: Page) -> None:
    """Each stop of the Tab key has an outline; the first skips to the content."""
    page.goto(api.address)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    seen = 0
    while (stop := _next_stop(page))["name"] != "BODY":  # after the last one it is the browser's own turn
        assert stop["outline"] != "none", stop
        seen += 1
    assert seen >= STOPS


def test_what_was_opened_and_typed_stays_while_the_page_moves(api: Api, engine: Engine, page: Page) -> None:
    """Each second parts are laid over those that are there, and not put in their place."""
    slot = engine.slot("w/0", ("cpu",))
    engine.transport.send(slot.supervision.renew(slot.slots, {"lanes": "cpu", "host": "node", "slots": "1"}))
    page.goto(api.address)
    page.locator("#drain-w summary").click()
    page.locator("#q").fill("half an id")
    page.locator("#q").focus()
    engine.submit(chain, text="a")
    expect(page.locator("#find .counts")).to_have_text("1 queued")
    expect(page.get_by_role("button", name="Drain node")).to_be_visible()
    expect(page.locator("#q")).to_have_value("half an id")
    expect(page.locator("#q")).to_be_focused()
