"""A file is dropped on the page, its document is watched until it has ended, and looked into."""

import re

from playwright.sync_api import Page, expect

from tests.page.serving import Api
from tests.support.workers import Worker

DROPPED = "([name, text]) => { const d = new DataTransfer(); d.items.add(new File([text], name)); return d; }"


def drop(page: Page, *files: tuple[str, str]) -> None:
    """Let go of files over the page, as a hand does: (name, content) each."""
    for kind in ("dragover", "drop"):
        held = page.evaluate_handle(DROPPED, list(files[0]))
        page.dispatch_event("body", kind, {"dataTransfer": held})


def test_a_file_is_dropped_and_watched_until_it_has_ended(api: Api, worker: Worker, page: Page) -> None:
    """Nothing is reloaded: what happens to it comes to the page."""
    del worker
    page.goto(api.address)
    expect(page.locator("#state")).to_have_text("Live")
    drop(page, ("lines.txt", "sleep 0.4\nsleep 0.4\nsleep 0.4\n"))
    page.wait_for_url(re.compile("/documents/0-"))
    expect(page.locator("h1 .chip")).to_have_text("running")
    expect(page.locator("#step-look .name")).to_contain_text(re.compile("[12]/3"))
    expect(page.locator("h1 .chip")).to_have_text("succeeded", timeout=20_000)
    expect(page.locator("#step-look svg rect.run")).to_have_count(3)
    expect(page.locator("#state")).to_have_text("It has ended")
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1


def test_what_is_in_it_is_shown_to_who_asks(api: Api, worker: Worker, page: Page) -> None:
    """Documents hold personal data: nothing of it is on the page before."""
    del worker
    page.goto(api.address)
    drop(page, ("secret.txt", "Ms Doe owes 12 euros\n"))
    page.wait_for_url(re.compile("/documents/0-"))
    expect(page.locator("h1 .chip")).to_have_text("succeeded", timeout=20_000)
    page.reload()
    content = page.content()
    assert "MS DOE" not in content
    assert "secret.txt" not in content
    page.get_by_text("What bind made").click()
    page.get_by_role("link", name="Show the output of bind").click()
    expect(page.locator("#shown-bind pre")).to_contain_text("MS DOE OWES 12 EUROS")
    page.get_by_text("What it was given").click()
    page.get_by_role("link", name="Show its input").click()
    expect(page.locator("#shown-input pre")).to_contain_text("secret.txt")


def test_a_file_that_is_not_taken_says_why(api: Api, page: Page) -> None:
    """And the page stays where it is."""
    page.goto(api.address)
    page.route("**/documents", lambda route: route.fulfill(status=503, json={"detail": "Redis is full"}))
    drop(page, ("a.txt", "x"))
    expect(page.locator("#said")).to_contain_text("a.txt was not accepted: Redis is full")


def test_it_shows_from_where_a_document_failed(api: Api, worker: Worker, page: Page) -> None:
    """Its page says what, in which step and item, and what a retry would do."""
    del worker
    page.goto(api.address)
    drop(page, ("a.txt", "fine\nwrong\n"))
    page.wait_for_url(re.compile("/documents/0-"))
    expect(page.locator("h1 .chip")).to_have_text("failed", timeout=20_000)
    expect(page.locator("#trouble")).to_contain_text("nobody can read that")
    expect(page.locator("#trouble tbody th").first).to_have_text("look[1]")
    expect(page.get_by_role("button", name="Retry what is missing")).to_be_visible()
