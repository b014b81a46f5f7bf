"""The batch and its aggregate, as their user would run them."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from examples.batch import RECEIPTS, read
from orchestrator import Fatal
from tests.support.server import Server
from tests.support.workers import ROOT, running_worker


def test_a_step_is_a_plain_function() -> None:
    assert read(RECEIPTS[0]).vendor == "Acme"
    with pytest.raises(Fatal):
        read(RECEIPTS[2])


def test_the_aggregate_sees_what_failed_too(server: Server, tmp_path: Path) -> None:
    pipelines = "examples.batch:receipt,examples.batch:books"
    told = {"DOCMILL_REDIS_URL": server.url, "DOCMILL_DATA_DIR": str(tmp_path / "data"), "DOCMILL_PIPELINES": pipelines}
    program = [sys.executable, "-m", "examples.batch"]
    with running_worker(server.url, tmp_path, pipelines=pipelines, slots="cpu*1"):
        ran = subprocess.run(program, cwd=ROOT, env=os.environ | told, stdout=subprocess.PIPE, text=True, check=True)
    first, last = ran.stdout.splitlines()
    assert first.endswith("4 documents, 1 refused")
    counts, _, books = last.partition(": ")
    assert counts == "3 succeeded, 1 failed"
    assert msgspec.json.decode(books) == {
        "totals": {"Acme": "15.50", "Globex": "7.25"},
        "unread": [
            "line 3: read: cannot read 'Acme: a smudge'",
            "line 5: pipeline 'receipt' has no parameter 'txt': it takes text",
        ],
    }
