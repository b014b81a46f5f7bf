"""Without JavaScript: the same page, links, forms, and a reload now and then."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.page.serving import Api
from tests.page.test_acting import fail
from tests.support.engine import Engine
from tests.support.pipelines import chain
from tests.support.workers import wait_until


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A tab that runs no script."""
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_everything_is_on_the_page_and_it_reloads_itself(api: Api, engine: Engine, plain: Page) -> None:
    """What the first answer brings is the whole of it."""
    engine.submit(chain, text="a")
    wait_until(lambda: "STOPPED" in httpx.get(api.address).text, "the next look sees it")
    plain.goto(api.address)
    expect(plain.locator("#verdict")).to_contain_text("STOPPED")
    expect(plain.locator("noscript meta[http-equiv=refresh]")).to_have_count(1)
    assert plain.locator("main section, main footer").count() == 13


def test_a_file_is_submitted_by_the_form(api: Api, plain: Page, tmp_path: Path) -> None:
    """And the answer is the page of its document."""
    file = tmp_path / "a.txt"
    file.write_text("one line")
    plain.goto(api.address)
    plain.locator("#file").set_input_files(file)
    plain.get_by_role("button", name="Submit", exact=True).click()
    expect(plain.locator("h1 .chip")).to_have_text("queued")


def test_buttons_and_questions_work(api: Api, engine: Engine, plain: Page) -> None:
    """Pause a lane; retry; cancel, which asks first; look into a document."""
    (failed,) = fail(engine, 1)
    plain.goto(api.address)
    plain.locator("#lane-cpu").get_by_role("button", name="Pause").click()
    expect(plain.locator("#lane-cpu .chip")).to_have_text("paused")
    plain.goto(f"{api.address}/documents/{failed}")
    plain.get_by_role("button", name="Retry what is missing").click()
    expect(plain.locator("h1 .chip")).to_have_text("running")
    plain.get_by_text("What it was given").click()
    plain.get_by_role("link", name="Show its input").click()
    expect(plain.locator("pre")).to_contain_text("fatal")
    plain.go_back()
    plain.get_by_text("Cancel…").click()
    plain.get_by_role("button", name="Cancel this document").click()
    expect(plain.locator("h1 .chip")).to_have_text("cancelled")
