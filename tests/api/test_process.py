"""`python -m api`, as its user starts it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import PIPELINES
from tests.documents.fakes import free_port
from tests.support.server import Server
from tests.support.workers import ROOT, wait_until

READY = 1.0
"""Seconds of processor time until it answers; as any bound in time, five times of it is allowed here."""
OWN = re.compile("(# .* )?docmill_(http|redis)_")
"""What a process says of itself."""
HEAVY = ("torch", "paddle", "paddleocr", "numpy", "openai", "PIL", "pypdfium2")


def start(url: str, folder: Path, *words: str) -> "subprocess.Popen[str]":
    """One API process."""
    settings = {"DOCMILL_REDIS_URL": url, "DOCMILL_DATA_DIR": str(folder), "DOCMILL_PIPELINES": ",".join(PIPELINES)}
    settings["DOCMILL_LOG_LEVEL"] = "warning"  # nobody reads the pipe meanwhile: a line a request would fill it
    command = [sys.executable, "-m", "api", *words]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stderr=subprocess.PIPE, text=True)


def shared(text: str) -> set[str]:
    """What a process says of all of docmill; but for ages, which grow meanwhile."""
    return {line for line in text.splitlines() if not OWN.match(line) and "age_seconds" not in line}


def answers(address: str) -> bool:
    """Whether it answers."""
    try:
        return httpx.get(f"{address}/healthz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def address(server: Server, tmp_path: Path) -> Iterator[str]:
    """Of a running API process."""
    port = free_port()
    process = start(server.url, tmp_path, "--port", str(port))
    wait_until(lambda: answers(f"http://127.0.0.1:{port}"), "the API answers")
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=10)
    assert "Traceback" not in told


def test_two_processes_answer_for_any_document(address: str, server: Server, tmp_path: Path) -> None:
    """What one accepted the other knows at once."""
    port = free_port()
    other = start(server.url, tmp_path, "--port", str(port))
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}"), "the other answers")
        files = {"file": ("a.txt", b"x" * 3_000_000)}
        accepted = httpx.post(f"{address}/v1/documents", data={"pipeline": "filed"}, files=files)
        here = accepted.headers["location"]
        assert httpx.get(f"http://127.0.0.1:{port}{here}").json()["status"] == "queued"
        both = [httpx.get(f"{one}/metrics").text for one in (f"http://127.0.0.1:{port}", address)]
        assert shared(both[0]) == shared(both[1]), "what is said of all of docmill is the same from each"
        assert any("/v1/documents" in line for line in both[1].splitlines() if OWN.match(line))
    finally:
        other.terminate()
        other.communicate(timeout=10)


def test_one_line_and_exit_code_2_where_redis_does_not_answer(tmp_path: Path) -> None:
    """With the URL and the fix, and no traceback."""
    process = start("redis://127.0.0.1:9/0", tmp_path)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "redis://127.0.0.1:9/0" in told
    assert "DOCMILL_REDIS_URL" in told
    assert len(told.strip().splitlines()) == 1


def test_one_line_and_exit_code_2_where_its_port_is_taken(address: str, server: Server, tmp_path: Path) -> None:
    """Another listens there already; this one says so before it says that it has started."""
    port = address.rpartition(":")[2]
    process = start(server.url, tmp_path, "--port", port)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 2
    assert f"port {port}: address already in use. Take another --port" in told.strip().splitlines()[-1]
    assert "Traceback" not in told and "api started" not in told


def test_it_is_ready_within_a_second_and_loads_no_model() -> None:
    """The built-in pipelines are known by then, and nothing heavy is imported."""
    code = f"""
import sys, time
from api.app import create_app
from orchestrator.settings import Settings
create_app(Settings()).openapi()
print(time.process_time(), [name for name in {HEAVY} if name in sys.modules])
"""
    began = time.monotonic()
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    seconds, heavy = told.split(" ", 1)
    assert heavy.strip() == "[]"
    assert float(seconds) < 5 * READY, f"{time.monotonic() - began:.2f} s by the clock"
