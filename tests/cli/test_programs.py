"""`docmill up`, `worker`, `api`: what they start, and how it ends."""

import signal
import socket
import urllib.request

import msgspec

from tests.cli.conftest import Docmill


def free_port() -> str:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


def test_up_starts_everything_once(docmill: Docmill) -> None:
    """The API answers, the worker is alive; a second up changes nothing."""
    port = free_port()
    first = docmill("up", "--port", port, "--json")
    assert first.code == 0, first.err
    with urllib.request.urlopen(f"{first.json['api']}/healthz", timeout=5) as answer:
        assert answer.status == 200
    assert docmill("up", "--port", port, "--json").json == first.json
    checks = docmill("doctor", "--json").json["checks"]
    assert [check["state"] for check in checks if check["name"] == "worker"] == ["ok"]
    assert docmill("down", "--wait", "5", "--json").json["ended"] == ["worker", "api", "valkey"]


def test_a_port_that_is_taken_is_told(docmill: Docmill) -> None:
    """And nothing else that answers there is taken for the API."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = docmill("up", "--port", str(taken.getsockname()[1]))
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1
    assert "use --port" in answer.err


def test_worker_becomes_the_worker(docmill: Docmill) -> None:
    """It drains at the first signal; with --json, stdout says its number and no more."""
    worker = docmill.start("worker", "--slots", "cpu*2", "--json")
    assert worker.stderr is not None
    assert any("worker started" in line for line in iter(worker.stderr.readline, ""))
    worker.send_signal(signal.SIGTERM)
    out, _ = worker.communicate(timeout=20)
    assert worker.returncode == 0
    assert msgspec.json.decode(out)["pid"] == worker.pid


def test_slots_that_cannot_be_are_refused(docmill: Docmill) -> None:
    """By the worker itself."""
    answer = docmill("worker", "--slots", "nonsense*x")
    assert answer.code != 0
    assert "Traceback" not in answer.err
