"""The image, and the two programs that it brings; these run here as they do there."""

import os
import re
import subprocess
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from orchestrator.access.keeping import Keyring
from orchestrator.connection import Asynchronous
from tests.deploy.composed import ROOT
from tests.support.server import Server

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_it_is_built_of_what_is_there() -> None:
    """Pinned, in stages, of files that the build context has."""
    stages = re.findall(r"^FROM (\S+)(?: AS (\S+))?$", DOCKERFILE, re.MULTILINE)
    names = {name for _, name in stages}
    assert all(base in names or re.search(r":\d+\.\d+\.\d+", base) for base, _ in stages)
    copied = [
        word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()
    ]
    wanted = {word for word in copied if not word.startswith("--")}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert all((ROOT / word).exists() for word in wanted) and wanted == allowed


def test_it_does_not_run_as_root() -> None:
    """In either image."""
    for stage in ("api", "gpu"):
        text = DOCKERFILE.partition(f" AS {stage}\n")[2].partition("\nFROM ")[0]
        assert (re.findall(r"^USER (\S+)$", text, re.MULTILINE) or ["docmill"])[-1] == "docmill"
    assert "USER docmill" in DOCKERFILE.partition(" AS base\n")[2].partition("\nFROM ")[0]


async def test_prepare_makes_the_key_of_prometheus_once(server: Server, tmp_path: Path) -> None:
    """And another where Redis does not know it any more; what Prometheus reads is copied each time."""
    given, config = tmp_path / "given", tmp_path / "config"
    (given / "rules").mkdir(parents=True)
    config.mkdir()
    (given / "prometheus.yml").write_text("global: {}")
    (given / "rules" / "alerts.yaml").write_text("groups: []")
    key = config / "docmill-key"
    assert "a key for Prometheus was made" in _prepare(server, given, config)
    first = key.read_text().strip()
    (given / "prometheus.yml").write_text("global: {scrape_interval: 5s}")
    assert "is there" in _prepare(server, given, config)
    assert key.read_text().strip() == first and "5s" in (config / "prometheus.yml").read_text()
    assert (config / "rules" / "alerts.yaml").exists()
    server.redis.flushall()
    _prepare(server, given, config)
    assert key.read_text().strip() != first
    transport = Asynchronous(server.url)
    found = await Keyring(transport).find(key.read_text().strip())
    await transport.close()
    assert found is not None and found.access.may("watch") and not found.access.may("operate")


def test_answers_says_whether_a_url_does() -> None:
    """For health checks."""
    words = [sys.executable, str(ROOT / "deploy" / "answers")]
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as there:
        Thread(target=there.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{there.server_port}/"
        assert subprocess.run([*words, url], timeout=20).returncode == 0
        assert subprocess.run([*words, f"{url}nothing-here"], timeout=20, capture_output=True).returncode == 1
        there.shutdown()
    gone = subprocess.run([*words, url], timeout=20, capture_output=True, text=True)
    assert gone.returncode == 1 and url in gone.stderr and "Traceback" not in gone.stderr


def _prepare(server: Server, given: Path, config: Path) -> str:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {
        **os.environ,
        "PATH": path,
        "DOCMILL_REDIS_URL": server.url,
        "GIVEN": str(given),
        "CONFIG": str(config),
    }
    command = [str(ROOT / "deploy" / "prepare")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout
