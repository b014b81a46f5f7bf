"""The smallest user module, run as its user would: through `docmill worker` and `docmill submit`."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support.server import Server
from tests.support.workers import ROOT

DOCMILL = Path(sys.executable).with_name("docmill")


def docmill(environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    """Start one command."""
    return subprocess.Popen(
        [DOCMILL, *words], cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    )


def test_a_pipeline_of_ones_own_runs_through_docmill_worker(server: Server, tmp_path: Path) -> None:
    environment = {
        "DOCMILL_REDIS_URL": server.url,
        "DOCMILL_DATA_DIR": str(tmp_path),
        "DOCMILL_PIPELINES": "examples.smallest:greeting",
        "DOCMILL_SLOTS": "cpu*1",
    }
    worker = docmill(environment, "worker")
    try:
        words = ["submit", "--pipeline", "greeting", "--param", 'name="  ada "', "--wait", "--timeout", "60", "--json"]
        answer, _ = docmill(environment, *words).communicate(timeout=90)
    finally:
        worker.terminate()
        worker.communicate(timeout=30)
    assert "Hello, Ada!" in json.dumps(json.loads(answer)), answer


def test_a_step_is_a_plain_function_outside_a_pipeline() -> None:
    from examples.smallest import clean, greet

    assert greet(clean(" ada ")) == "Hello, Ada!"
