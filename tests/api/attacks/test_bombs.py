"""Files made to fill a memory, submitted as anybody would: each is refused with a reason, and whoever works goes on."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from orchestrator.settings import Settings
from tests.api.conftest import PIPELINES, Connect
from tests.api.test_problems import check
from tests.support.bombs import archive, packed, pdf, picture
from tests.support.server import Server
from tests.support.workers import running_worker

DOCUMENTS = "/v1/documents"
NAMED = ("worker.pipelines.document:document", *PIPELINES)
WAIT = {"Prefer": "wait=60"}


@pytest.fixture
async def client(settings: Settings, connect: Connect) -> httpx.AsyncClient:
    """A client of an application that has the real pipeline of documents."""
    return await connect(create_app(settings.model_copy(update={"pipelines": NAMED})))


@pytest.fixture
def worked(server: Server, tmp_path: Path) -> Iterator[None]:
    """A worker with one slot, in which pages are counted."""
    with running_worker(server.url, tmp_path, pipelines=",".join(NAMED), slots="cpu*1", standby="0"):
        yield


async def test_an_archive_is_refused_before_it_is_stored(client: httpx.AsyncClient, settings: Settings) -> None:
    """By its first bytes, whatever its name says."""
    files = {"file": ("invoice.pdf", archive(100))}
    check(await client.post(DOCUMENTS, files=files), "unsupported-file")
    assert not [path for path in (settings.data_dir / "blobs").rglob("*") if path.is_file()]


@pytest.mark.usefixtures("worked")
async def test_bombs_fail_with_a_reason_and_the_slot_goes_on(client: httpx.AsyncClient, server: Server) -> None:
    """A picture of too many pixels, a page that unpacks to gigabytes, one inside another."""
    twice = packed(512, times=2)
    bombs = {
        "pixels.png": (picture(40_000, 40_000), "the image has 40000 x 40000 pixels"),
        "page.pdf": (pdf(packed(300)), "unpacks to more than 256 MiB"),
        "nested.pdf": (pdf(twice, times=2), "unpacks to more than 256 MiB"),
        "picture.pdf": (pdf(image=twice, times=2), "unpacks to more than 256 MiB"),
    }
    for name, (content, reason) in bombs.items():
        ended = (await client.post(DOCUMENTS, files={"file": (name, content)}, headers=WAIT)).json()
        assert (ended["status"], ended["steps"][0]["attempts"], ended["steps"][0]["deliveries"]) == ("failed", 1, 1)
        assert reason in ended["error"] and name in ended["error"]
    letter = await client.post(DOCUMENTS, json={"pipeline": "chain", "text": "Dear Sir"}, headers=WAIT)
    assert letter.json()["status"] == "succeeded"
    (slot,) = (await client.get("/v1/workers")).json()["workers"][0]["slots"]
    assert slot["deaths"] == 0, "it never died of one"
