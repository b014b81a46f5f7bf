"""What an operator does from the page: cancel, retry, pause, drain; each says what it touches."""

import re

from playwright.sync_api import Page, expect

from orchestrator.ids import short_id
from tests.page.serving import Api
from tests.support.engine import Engine
from tests.support.pipelines import chain, moods


def fail(engine: Engine, count: int) -> list[str]:
    """So many dead letters."""
    documents = [engine.submit(moods, text="fatal") for _ in range(count)]
    slot = engine.slot(f"{short_id()}/0")
    for _ in documents:
        slot.fail(slot.take(), "fatal")
    engine.transport.send(slot.supervision.renew({}, {"ended": "1"}))
    return documents


def test_a_document_is_cancelled(api: Api, engine: Engine, page: Page) -> None:
    """In two steps: the first says what it would end."""
    document = engine.submit(chain, text="a")
    page.goto(f"{api.address}/documents/{document}")
    page.get_by_text("Cancel…").click()
    expect(page.locator("#cancel")).to_contain_text("4 steps have not ended")
    page.get_by_label("Why").fill("sent twice")
    page.get_by_role("button", name="Cancel this document").click()
    expect(page.locator("#said")).to_contain_text("is cancelled")
    expect(page.locator("h1 .chip")).to_have_text("cancelled")
    assert "sent twice" in engine.log(document)[-1]


def test_a_dead_letter_is_tried_again(api: Api, engine: Engine, page: Page) -> None:
    """From the first page, and it leaves the list by itself."""
    (document,) = fail(engine, 1)
    page.goto(api.address)
    expect(page.locator("#dead h2")).to_contain_text("Dead letters: 1")
    page.locator("#dead").get_by_role("button", name="Retry").click()
    expect(page.locator("#said")).to_contain_text(f"{document} runs again")
    expect(page.locator("#dead h2")).to_contain_text("Dead letters: 0")
    assert engine.head(document)["status"] in {"queued", "running"}


def test_all_of_a_kind_are_tried_again_and_the_count_is_named(api: Api, engine: Engine, page: Page) -> None:
    """No more than the count says, whatever fails meanwhile."""
    documents = fail(engine, 3)
    page.goto(api.address)
    page.locator("#dead").get_by_role("link", name="Retry all 3…").first.click()
    late = fail(engine, 1)
    page.get_by_role("button", name="Retry all 3 documents").click()
    expect(page.locator("h1")).to_contain_text("failed documents")
    assert {engine.head(document)["status"] for document in documents} <= {"queued", "running"}
    assert engine.head(late[0])["status"] == "failed"


def test_over_a_hundred_the_count_is_to_be_typed(api: Api, engine: Engine, page: Page) -> None:
    """The browser refuses another number; so does the API, whoever asks."""
    documents = fail(engine, 101)
    page.goto(f"{api.address}/documents?status=failed&sure=retry")
    button = page.get_by_role("button", name="Retry all 101 documents")
    page.locator("[name=typed]").fill("100")
    button.click()
    assert not page.locator("[name=typed]").evaluate("field => field.checkValidity()")
    told = page.request.post(
        f"{api.address}/documents/retry",
        form={"status": "failed", "count": "101", "typed": "100"},
        headers={"Origin": api.address, "Accept": "application/json"},
    )
    assert (told.status, "type 101" in told.json()["detail"]) == (422, True)
    assert engine.head(documents[0])["status"] == "failed"
    page.locator("[name=typed]").fill("101")
    button.click()
    page.wait_for_url(re.compile("status=failed$"))
    assert {engine.head(document)["status"] for document in documents} <= {"queued", "running"}


def test_a_lane_is_paused_and_goes_on(api: Api, engine: Engine, page: Page) -> None:
    """The button says how much waits; the verdict says that it does."""
    engine.submit(chain, text="a")
    slot = engine.slot("w/0", ("cpu",))
    engine.transport.send(slot.supervision.renew(slot.slots, {"lanes": "cpu", "serves": " ".join(engine.pipelines)}))
    page.goto(api.address)
    pause = page.locator("#lane-cpu").get_by_role("button", name="Pause")
    expect(pause).to_have_attribute("title", re.compile(r"\b1 wait"))
    pause.click()
    expect(page.locator("#verdict")).to_contain_text("PAUSED")
    assert slot.claim().word == "paused"
    page.locator("#lane-cpu").get_by_role("button", name="Resume").click()
    expect(page.locator("#lane-cpu").get_by_role("button", name="Pause")).to_be_visible()
    assert slot.take()


def test_a_worker_is_drained(api: Api, engine: Engine, page: Page) -> None:
    """Asked for once more, with what it runs."""
    slot = engine.slot("w/0", ("cpu",))
    engine.transport.send(slot.supervision.renew(slot.slots, {"lanes": "cpu", "host": "node", "slots": "1"}))
    page.goto(api.address)
    page.locator("#drain-w summary").click()
    page.get_by_role("button", name="Drain node").click()
    expect(page.locator("#workers .chip")).to_have_text("draining")
    assert slot.renew().drain
