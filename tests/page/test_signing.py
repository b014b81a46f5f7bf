"""A browser shows a key: what it sees and may do is what the key may, and no other site borrows it."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from orchestrator.access.keys import new_key
from orchestrator.calls.access import AccessCalls
from orchestrator.connection import Blocking
from orchestrator.keys import Keys
from tests.page.serving import Api, running_api
from tests.page.test_accessible import furnish
from tests.support.engine import Engine
from tests.support.pipelines import chain
from tests.support.server import Server, running_server


@pytest.fixture
def server() -> Iterator[Server]:
    """One of its own: an API process remembers for seconds whether there are keys."""
    with running_server() as running:
        yield running


@pytest.fixture
def guarded(server: Server, tmp_path: Path) -> Iterator[Api]:
    """An API that others reach, so it asks for keys."""
    key(server, "first", "admin")
    with running_api(server.url, tmp_path / "data", host="0.0.0.0") as api:
        yield api


def key(server: Server, tenant: str, *scopes: str) -> str:
    """A new key."""
    text, kept = new_key(tenant, scopes, time.time())
    Blocking(server.url, patience=5).send(AccessCalls(Keys()).add(kept))
    return text


def sign_in(page: Page, api: Api, text: str, path: str = "/") -> None:
    """As a person does."""
    page.goto(api.address + path)
    page.locator("#key").fill(text)
    page.get_by_role("button", name="Sign in").click()


def test_a_key_that_only_looks_sees_no_buttons(guarded: Api, server: Server, engine: Engine, page: Page) -> None:
    """Everything is there but what would change something; and what it sends by hand is refused."""
    document = furnish(engine)
    sign_in(page, guarded, key(server, "default", "read", "watch"))
    expect(page.locator("#verdict")).to_be_visible()
    assert page.locator("main section, main footer").count() == 13
    assert page.locator("main button").all_inner_texts() == ["Find"]
    page.goto(f"{guarded.address}/documents/{document}")
    expect(page.locator("#timeline")).to_be_visible()
    assert page.locator("main button, main details.sure").count() == 0
    assert page.evaluate("fetch('/lanes/cpu/pause', {method: 'POST'}).then(answer => answer.status)") == 403


def test_a_tenant_sees_its_own_documents_only(guarded: Api, server: Server, engine: Engine, page: Page) -> None:
    """Of others it learns nothing, by whatever address; without `watch` no figures either."""
    theirs, own = engine.submit(chain, text="a", tenant="b"), engine.submit(chain, text="a", tenant="a")
    sign_in(page, guarded, key(server, "a", "read"))
    expect(page.locator("#find .recent")).to_contain_text(own[-6:])
    assert theirs[-6:] not in page.content()
    assert page.locator("#lanes, #workers, #flights, #server").count() == 0
    for address in (f"/documents/{theirs}", f"/documents/{theirs}/shown/input", f"/documents/{theirs}/live"):
        assert page.goto(guarded.address + address).status == 404  # pyright: ignore[reportOptionalMemberAccess]
    page.goto(f"{guarded.address}/documents")
    assert page.locator("tbody tr").count() == 1


def test_who_watches_sees_what_runs_and_not_whose_it_is(
    guarded: Api, server: Server, engine: Engine, page: Page
) -> None:
    """Lanes and leases of all, documents of nobody else: in the page, in its stream, in its twin."""
    engine.submit(chain, text="a", tenant="b")
    slot = engine.slot("w/0", ("cpu",))
    engine.transport.send(slot.supervision.renew(slot.slots, {"lanes": "cpu", "host": "node", "slots": "1"}))
    slot.take()
    text = key(server, "a", "watch", "read")
    sign_in(page, guarded, text)
    expect(page.locator("#flights tbody tr")).to_contain_text("another’s")
    twin = httpx.get(guarded.address, headers={"Authorization": f"Bearer {text}", "Accept": "application/json"}).json()
    assert [row["document"] for row in twin["flights"]["rows"]] == [""]
    assert [job["document"] for worker in twin["workers"] for slot in worker["slots"] for job in slot["jobs"]] == [""]
    assert twin["recent"] == []


def test_a_wrong_key_is_refused_and_the_way_back_is_kept(guarded: Api, server: Server, page: Page) -> None:
    """What was asked for is shown once it may be; signing out forgets the key."""
    sign_in(page, guarded, "dm_00000000_" + "x" * 43, "/documents?status=failed")
    expect(page.get_by_role("alert")).to_contain_text("No such key")
    page.locator("#key").fill(key(server, "a", "read"))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{guarded.address}/documents?status=failed")
    (cookie,) = page.context.cookies()
    assert (cookie.get("httpOnly"), cookie.get("sameSite")) == (True, "Strict")
    page.get_by_role("button", name="Sign out").click()
    page.goto(guarded.address)
    expect(page.locator("#key")).to_be_visible()


@pytest.mark.parametrize(
    "sent", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"}, {}]
)
def test_no_other_site_borrows_the_cookie(guarded: Api, server: Server, sent: dict[str, str]) -> None:
    """Not even where a browser sent it along; and under /v1 it changes nothing at all."""
    cookies = {"docmill_key": key(server, "a", "admin")}
    with httpx.Client(base_url=guarded.address, cookies=cookies) as client:
        assert client.post("/lanes/cpu/pause", headers=sent).status_code == 403
        assert client.post("/v1/lanes/cpu/pause", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 401
        assert client.post("/lanes/cpu/pause", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
        assert client.get("/v1/lanes").status_code == 200


@pytest.mark.parametrize("away", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(guarded: Api, server: Server, away: str) -> None:
    """Whatever `next` says."""
    form = {"key": key(server, "a", "read"), "next": away}
    answer = httpx.post(f"{guarded.address}/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
