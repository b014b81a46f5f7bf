"""The API is restarted while somebody looks; Redis is, too. The page says so, and goes on: it kept nothing."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.page.serving import running_api
from tests.support.engine import Engine
from tests.support.pipelines import chain
from tests.support.server import Server


def test_the_page_outlives_a_restart_of_the_api(server: Server, engine: Engine, page: Page, tmp_path: Path) -> None:
    """What happened meanwhile is there; and the new process says what the old one said."""
    engine.submit(chain, text="a")
    with running_api(server.url, tmp_path / "data") as api:
        page.goto(api.address)
        expect(page.locator("#find .counts")).to_have_text("1 queued")
        flow = page.locator("#outcome").inner_text()
        api.end()
        expect(page.locator("#state")).to_contain_text("No connection")
        engine.submit(chain, text="b")
        api.start()
        expect(page.locator("#state")).to_have_text("Live")
        expect(page.locator("#find .counts")).to_have_text("2 queued")
        assert page.locator("#outcome").inner_text().split("\n")[1:] == flow.split("\n")[1:]


def test_without_redis_the_page_says_so_and_keeps_the_last_picture(
    own_server: Server, page: Page, tmp_path: Path
) -> None:
    """In red, in the first line; buttons that could do nothing are gone. It goes on by itself."""
    engine = Engine(own_server, chain)
    engine.submit(chain, text="a")
    with running_api(own_server.url, tmp_path / "data") as api:
        page.goto(api.address)
        expect(page.locator("#lane-cpu")).to_be_visible()
        own_server.kill()
        expect(page.locator("#verdict")).to_contain_text("NO REDIS")
        expect(page.locator("#lane-cpu")).to_be_visible()
        expect(page.locator("main button")).to_have_count(1)  # Find
        assert page.title().startswith("NO REDIS")
        answer = page.request.get(api.address, headers={"Accept": "text/html"})
        assert (answer.status, "NO REDIS" in answer.text()) == (503, True)
        own_server.start()
        expect(page.locator("#verdict")).to_contain_text("STOPPED")
        expect(page.locator("#lane-cpu").get_by_role("button", name="Pause")).to_be_visible()
