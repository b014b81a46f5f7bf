"""kill -9 in the middle of the real OCR: the document succeeds, once, and its log says what happened."""

import os
import signal
from pathlib import Path

import pytest

from orchestrator.client import Mill
from orchestrator.settings import Settings
from tests.support.server import Server
from tests.support.workers import Worker, running_worker, wait_until

PIPELINE = "tests.documents.reading:reading"
SLOTS = "gpu*1 cpu*1"
pytestmark = [pytest.mark.real, pytest.mark.timeout(300)]


@pytest.fixture
def mill(server: Server, tmp_path: Path) -> Mill:
    pytest.importorskip("paddleocr")
    return Mill.connect(server.url, Settings(data_dir=tmp_path / "data", pipelines=(PIPELINE,), lease=2))


def ocr_runs(server: Server) -> bool:
    """Whether a page of a document is with a slot."""
    return any("/ocr[" in job for job in server.redis.zrange("docmill:{s0}:leases", 0, -1))


def gpu_slot(worker: Worker) -> int:
    """The pid of the slot that serves lane gpu."""
    return next(slot.pid for slot in worker.slots() if "gpu" in slot.cmdline())


async def test_a_slot_killed_in_the_middle_of_ocr(mill: Mill, server: Server, samples: Path, tmp_path: Path) -> None:
    with running_worker(server.url, tmp_path, slots=SLOTS, pipelines=PIPELINE, lease="600") as worker:
        async with mill:
            document = await mill.submit_path(samples / "contract-scanned.pdf", pipeline="reading")
            wait_until(lambda: ocr_runs(server), "a page is read", 60)
            os.kill(gpu_slot(worker), signal.SIGKILL)
            found = await mill.wait(document, 200)
    assert found.status == "succeeded", found
    assert found.outputs["join"]["pages"] == 2
    assert "Kestrel" in found.outputs["join"]["text"]
    assert "died: SIGKILL" in found.log[0]


async def test_the_whole_worker_killed_in_the_middle_of_ocr(
    mill: Mill, server: Server, samples: Path, tmp_path: Path
) -> None:
    settings = {"slots": SLOTS, "pipelines": PIPELINE, "lease": "2"}
    with running_worker(server.url, tmp_path, **settings) as lost:
        async with mill:
            document = await mill.submit_path(samples / "contract-scanned.pdf", pipeline="reading")
            wait_until(lambda: ocr_runs(server), "a page is read", 60)
            lost.signal_group(signal.SIGKILL)
            with running_worker(server.url, tmp_path, **settings):
                found = await mill.wait(document, 200)
            stats = await mill.transport.send(mill.calls.stats())
    assert found.status == "succeeded", found
    assert found.outputs["join"]["pages"] == 2
    assert "did not renew its lease" in found.log[0]
    assert stats["finished:reading:succeeded"] == "1"
