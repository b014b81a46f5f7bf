"""Pictures of the page in its moods: `python -m tests.page.pictures FOLDER [NAME…]`; three of them are in README."""

import shutil
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.page.browsing import FLAGS
from tests.page.scenes import FIRST_FAILURES, Stage, finish
from tests.page.serving import Api, running_api
from tests.support.engine import Engine
from tests.support.server import Server, running_server
from worker.pipelines.document import document as documents

WIDE, NARROW = (1440, 900), (390, 844)
PIPELINES = ("worker.pipelines.document:document",)


def empty(stage: Stage) -> str:
    stage.worker("a1", "gpu-1", ["gpu", "llm", "llm", "cpu"], cards=True, up=40)
    return "/"


def idle(stage: Stage) -> str:
    stage.measured()
    stage.hour(4, 4)
    _crew(stage)
    _finish_all(stage, stage.submit(3))
    return "/"


def busy(stage: Stage) -> str:
    stage.measured()
    stage.hour(410, 408)
    _crew(stage)
    _fail_some(stage)
    _finish_all(stage, stage.submit(3))
    stage.submit(14)
    _prepare(stage, 9)
    stage.submit(3, priority=9)
    stage.submit(6, priority=1)
    _take(stage)
    return "/"


def saturated(stage: Stage) -> str:
    stage.measured()
    stage.hour(640, 402)
    _crew(stage)
    _fail_some(stage)
    stage.submit(1240)
    _prepare(stage, 1235)
    stage.submit(40, priority=8)
    _prepare(stage, 40)
    _take(stage)
    for id in stage.redis.zrange("docmill:{s0}:by:queued", 0, 400) + stage.redis.zrange(
        "docmill:{s0}:by:running", 0, 1300
    ):
        stage.engine.age(id, "ocr", 250)
    return "/"


def stopped(stage: Stage) -> str:
    stage.measured()
    stage.hour(400, 380)
    stage.worker("c1", "cpu-1", ["cpu", "cpu"])
    gpu = stage.worker("a1", "gpu-1", ["gpu", "llm", "llm", "llm"], cards=True)
    stage.submit(220)
    _prepare(stage, 200)
    gpu[0].claim()
    del stage.hands["a1"]
    stage.redis.hincrby("docmill:{s0}:worker:a1", "renewed", -40_000)
    stage.engine.shift("leases", 12_000)
    return "/"


def book(stage: Stage) -> str:
    """A document of 400 pages, two thirds done; some were tried twice."""
    _crew(stage)
    (document,) = stage.submit(1)
    finish(stage.hands["c1"][0], 1, 400)
    gpus = [stage.hands["a1"][0], stage.hands["b1"][0]]
    for number in range(270):
        hand = gpus[number % 2]
        job = hand.take()
        time.sleep(0.012)
        if number % 83 == 40:
            hand.fail(job)
        else:
            hand.complete(job, {"text": "x"})
    for hand in gpus:
        hand.claim()
    return f"/documents/{document}"


def failed(stage: Stage) -> str:
    _crew(stage)
    (document,) = stage.submit(1)
    finish(stage.hands["c1"][0], 1, 5)
    for _ in range(5):
        time.sleep(0.1)
        finish(stage.hands["a1"][0], 1)
    finish(stage.hands["c1"][0], 1)
    for _ in range(4):
        job = stage.hands["a1"][1].take()
        time.sleep(0.15)
        stage.hands["a1"][1].fail(job)
        stage.engine.shift("delayed", 60_000)
        stage.engine.sweep()
    return f"/documents/{document}"


SCENES: dict[str, Callable[[Stage], str]] = {
    "empty": empty, "idle": idle, "busy": busy, "saturated": saturated, "stopped": stopped, "book": book, "failed": failed,
}  # fmt: skip


def _crew(stage: Stage) -> None:
    stage.worker("a1", "gpu-1", ["gpu", "llm", "llm", "llm"], cards=True)
    stage.worker("b1", "gpu-2", ["gpu", "llm", "llm", "llm"], cards=True, up=7000)
    stage.worker("c1", "cpu-1", ["cpu", "cpu"], up=700_000)


def _prepare(stage: Stage, count: int) -> None:
    finish(stage.hands["c1"][0], count)


def _take(stage: Stage) -> None:
    for hands in stage.hands.values():
        for hand in hands:
            hand.claim()


def _finish_all(stage: Stage, ids: list[str]) -> None:
    for _ in range(8 * len(ids)):
        for hands in stage.hands.values():
            for hand in hands:
                finish(hand, 6)


def _fail_some(stage: Stage) -> None:
    hand = stage.hands["c1"][0]
    for kind in FIRST_FAILURES:
        stage.submit(1, priority=9)
        job = hand.take()
        hand.fail(job, "fatal")
        stage.redis.hset(f"docmill:{{s0}}:doc:{job.job.partition('/')[0]}", "error", f"pages: {kind}")
        finish(hand, 1)  # what on_finish made


@contextmanager
def staged(scene: Callable[[Stage], str]) -> Generator[tuple[Api, Server, str]]:
    """An API in front of a scene, and the address to look at."""
    with TemporaryDirectory(prefix="dm") as folder, running_server(Path(folder)) as server:
        stage = Stage(Engine(server, documents))
        with running_api(server.url, Path(folder) / "data", PIPELINES) as api:
            path = scene(stage)
            stage.keep_alive()
            try:
                yield api, server, path
            finally:
                stage.end()


def shoot(page: Page, address: str, file: Path) -> None:
    """One picture, of all that there is."""
    page.goto(address)
    page.wait_for_timeout(2500)
    page.screenshot(path=file, full_page=True)


def main(folder: Path, names: list[str]) -> None:
    """All of them, or those that are named."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name in names or SCENES:
            with staged(SCENES[name]) as (api, server, path):
                for look, options in _looks(name).items():
                    shoot(_page(browser, options), api.address + path, folder / f"{look}.png")
                if name == "busy":
                    _without_redis(browser, api, server, folder)
        browser.close()


def _without_redis(browser: Browser, api: Api, server: Server, folder: Path) -> None:
    page = _page(browser, {})
    page.goto(api.address)
    page.wait_for_timeout(1500)
    server.kill()
    page.wait_for_timeout(5000)
    page.screenshot(path=folder / "no-redis.png", full_page=True)
    shoot(_page(browser, {}), api.address, folder / "no-redis-first.png")


def _looks(name: str) -> dict[str, dict[str, Any]]:
    looks: dict[str, dict[str, Any]] = {name: {}}
    if name in {"busy", "book", "saturated"}:
        looks[f"{name}-dark"] = {"color_scheme": "dark"}
        looks[f"{name}-narrow"] = {"size": NARROW}
    return looks


def _page(browser: Browser, options: dict[str, Any]) -> Page:
    width, height = options.get("size", WIDE)
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=options.get("color_scheme", "light")
    )
    return context.new_page()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
