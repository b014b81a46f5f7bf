"""Debian's Prometheus with the shipped configuration and rules, at other targets and in a hurry; and what it answers."""

import shutil
import subprocess
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from grafana.source.writing import FOLDER
from tests.documents.fakes import free_port
from tests.support.workers import wait_until

PROMETHEUS, EXPORTER = shutil.which("prometheus"), shutil.which("prometheus-redis-exporter")
needs_prometheus = pytest.mark.skipif(
    PROMETHEUS is None or EXPORTER is None,
    reason="Prometheus and its Redis exporter are not installed: apt-get install prometheus prometheus-redis-exporter",
)
HURRY, UNHURRIED = "1s", "4s"
"""Between two scrapes, and between two evaluations; and between two scrapes of what may take longer than that to answer."""


class Prometheus:
    """A running one."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}/api/v1"

    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            return httpx.get(f"{self._address}/status/runtimeinfo").status_code == 200
        except httpx.TransportError:
            return False

    def query(self, expression: str) -> list[Any]:
        """What an expression gives now.

        Raises:
            AssertionError: it is refused.
        """
        answer: Any = httpx.get(f"{self._address}/query", params={"query": expression}).json()
        assert answer["status"] == "success", (expression, answer)
        return answer["data"]["result"]

    def down(self) -> list[str]:
        """Targets that cannot be scraped, and why."""
        targets: Any = httpx.get(f"{self._address}/targets").json()["data"]["activeTargets"]
        return [f"{one['scrapeUrl']}: {one['lastError']}" for one in targets if one["health"] != "up"]

    def ill(self) -> list[str]:
        """Rules that cannot be evaluated, and why."""
        groups: Any = httpx.get(f"{self._address}/rules").json()["data"]["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        return [f"{rule['name']}: {rule.get('lastError', '')}" for rule in rules if rule["health"] != "ok"]

    def firing(self) -> set[str]:
        """Names of the alerts that fire."""
        found: Any = httpx.get(f"{self._address}/alerts").json()["data"]["alerts"]
        return {alert["labels"]["alertname"] for alert in found if alert["state"] == "firing"}


@contextmanager
def running_prometheus(
    folder: Path, targets: Mapping[str, Sequence[str]], hold: str | None = None, slow: Collection[str] = ()
) -> Generator[Prometheus]:
    """With the shipped files, for as long as the block lasts.

    Args:
        targets: by job; those that the shipped file has, and more.
        hold: in place of each alert's `for`.
        slow: jobs that are given time to answer.
    """
    _configure(folder, targets, hold, slow)
    port = free_port()
    assert PROMETHEUS is not None
    words = [f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"]
    with subprocess.Popen(
        [PROMETHEUS, *words, f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"], cwd=folder
    ) as process:
        try:
            made = Prometheus(port)
            wait_until(made.is_ready, "Prometheus answers")
            yield made
        finally:
            process.terminate()


@contextmanager
def running_exporter(redis_url: str) -> Generator[str]:
    """Debian's exporter of a Redis; its address."""
    port = free_port()
    assert EXPORTER is not None
    words = ["-redis.addr", redis_url.replace("unix:", "unix:", 1), "-web.listen-address", f"127.0.0.1:{port}"]
    with subprocess.Popen([EXPORTER, *words], stderr=subprocess.DEVNULL) as process:
        try:
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def _configure(folder: Path, targets: Mapping[str, Sequence[str]], hold: str | None, slow: Collection[str]) -> None:
    shutil.copytree(FOLDER / "prometheus" / "rules", folder / "rules")
    whole: Any = yaml.safe_load((FOLDER / "prometheus" / "prometheus.yml").read_text())
    whole["global"] = {"scrape_interval": HURRY, "evaluation_interval": HURRY}
    known = {job["job_name"]: job for job in whole["scrape_configs"]}
    for name in targets:
        known.setdefault(name, {"job_name": name})
    for name, job in known.items():
        job.pop("authorization", None)  # on loopback nobody needs a key
        if name in slow:
            job["scrape_interval"] = job["scrape_timeout"] = UNHURRIED
        job["static_configs"] = [{"targets": list(targets.get(name, []))}]
    whole["scrape_configs"] = list(known.values())
    (folder / "prometheus.yml").write_text(yaml.safe_dump(whole))
    for path in (folder / "rules").iterdir():
        rules: Any = yaml.safe_load(path.read_text())
        for group in rules["groups"]:
            group["interval"] = HURRY
            for rule in group["rules"]:
                if hold is not None and "for" in rule:
                    rule["for"] = hold
        path.write_text(yaml.safe_dump(rules))
