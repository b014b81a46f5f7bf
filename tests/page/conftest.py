"""A browser and an API process for the tests of each file, and a worker where one is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.page.browsing import CHROMIUM, FLAGS, WHY_NOT
from tests.page.pipelines import paged
from tests.page.serving import PIPELINES, Api, running_api
from tests.support.engine import Engine
from tests.support.pipelines import chain, moods, shouting
from tests.support.server import Server
from tests.support.workers import Worker, running_worker

Folder = Path
expect.set_options(timeout=15_000)  # milliseconds, while other tests run beside


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file: while Playwright's loop is there, no test that is a coroutine can run."""
    if not CHROMIUM:
        pytest.skip(WHY_NOT)
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the API and the worker keep their files: the same place, as on one machine."""
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def module_api(session_server: Server, folder: Path) -> Iterator[Api]:
    """One API process for the tests of a file that leave it as it is. It ends with them: it sweeps and purges too."""
    with running_api(session_server.url, folder / "data") as api:
        yield api


@pytest.fixture
def api(module_api: Api, server: Server) -> Api:
    """That process, in front of an empty server."""
    del server
    return module_api


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of its own; a script that fails, or that the page's own policy refuses, fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(10_000)
    made, wrong = context.new_page(), list[str]()
    made.on("pageerror", lambda problem: wrong.append(str(problem)))
    made.on("console", lambda told: wrong.append(told.text) if "Content Security Policy" in told.text else None)
    yield made
    context.close()
    assert wrong == []


@pytest.fixture
def engine(server: Server) -> Engine:
    """What a worker would do, by hand."""
    return Engine(server, shouting, chain, moods, paged)


@pytest.fixture
def worker(server: Server, folder: Path) -> Iterator[Worker]:
    """A real one, which shares the API's files."""
    with running_worker(server.url, folder, slots="gpu*1 cpu*1 llm*1", pipelines=",".join(PIPELINES)) as running:
        yield running
