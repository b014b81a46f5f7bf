"""`docmill doctor`: finds what is wrong and says what to do."""

from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from orchestrator.cli.doctor.indexes import find_dangling, remove_dangling
from orchestrator.cli.doctor.machine import judge_import
from orchestrator.embedded.folder import Folder
from orchestrator.embedded.valkey import Valkey
from orchestrator.keys import Keys
from tests.cli.conftest import Docmill

KEYS = Keys()


def states(answer: Any) -> dict[str, str]:
    """Check -> its worst state."""
    worst: dict[str, str] = {}
    for check in answer.json["checks"]:
        worst[check["name"]] = max(check["state"], worst.get(check["name"], ""))
    return worst


def test_a_fresh_folder_is_well(docmill: Docmill) -> None:
    """No worker is a warning only; the server that it started for the check is ended again."""
    answer = docmill("doctor", "--json")
    assert answer.code == 0
    assert states(answer)["worker"] == "warn"
    assert set(states(answer).values()) <= {"ok", "warn"}
    assert not Valkey(Folder.of(docmill.data_dir)).program.is_running


def test_each_fault_has_its_fix(docmill: Docmill, tmp_path: Path) -> None:
    """A folder that is a file, a pipeline that is not there, a Redis and an LLM that do not answer."""
    (tmp_path / "file").touch()
    answer = docmill(
        "doctor",
        "--json",
        blob_url=f"file://{tmp_path}/file/blobs",
        pipelines="nowhere:at_all",
        redis_url="redis://127.0.0.1:1",
        llm_url="http://127.0.0.1:1/v1",
    )
    assert answer.code == 1
    found = states(answer)
    assert {name for name, state in found.items() if state == "fail"} >= {"pipelines", "blobs", "redis"}
    assert "Fix:" in docmill("doctor", redis_url="redis://127.0.0.1:1", pipelines="nowhere:at_all").out


def test_a_missing_system_library_names_the_debian_packages() -> None:
    """As a slim server says it."""
    error = "ImportError: libGL.so.1: cannot open shared object file: No such file or directory"
    finding = judge_import(1, f"Traceback (most recent call last):\n{error}\n")
    assert finding.state == "fail"
    assert "libgl1 libglib2.0-0" in finding.fix
    assert judge_import(0, "").state == "ok"


def test_entries_that_lead_nowhere_are_found_and_removed(docmill: Docmill, text_file: Path) -> None:
    """And whole ones are left alone."""
    document = docmill("submit", "--pipeline", "words", text_file, "--json").json[0]["id"]
    url = Valkey(Folder.of(docmill.data_dir)).ensure()
    client: Any = Redis.from_url(url, decode_responses=True)  # pyright: ignore[reportUnknownMemberType]
    client.zadd(KEYS.ready("cpu"), {"0-gone/read": 1, f"{document}/count": 1})
    client.zadd(KEYS.named("leases"), {f"{document}/read": 1, f"{document}/louder[2]": 1})
    client.zadd(KEYS.by("running"), {document: 1, "0-gone": 1})
    told = docmill("doctor", "--json")
    assert (told.code, states(told)["indexes"]) == (1, "fail")
    assert "6 entries" in next(check["text"] for check in told.json["checks"] if check["name"] == "indexes")
    assert docmill("doctor", "--repair", "--json").code == 0
    assert states(docmill("doctor", "--json"))["indexes"] == "ok"
    assert client.zrange(KEYS.ready("cpu"), 0, -1) == [f"{document}/read"]
    assert client.zrange(KEYS.by("queued"), 0, -1) == [document]


def test_what_has_come_to_lead_somewhere_is_kept(docmill: Docmill) -> None:
    """Between finding and removing, a document may move."""
    client: Any = Redis.from_url(Valkey(Folder.of(docmill.data_dir)).ensure(), decode_responses=True)  # pyright: ignore[reportUnknownMemberType]
    client.zadd(KEYS.by("failed"), {"0-moving": 1})
    (found,) = find_dangling(client)
    client.hset(KEYS.doc("0-moving"), "status", "failed")
    assert not remove_dangling(client, found)
    client.delete(KEYS.doc("0-moving"))
    assert remove_dangling(client, found)


def test_a_batch_that_is_kept_leads_somewhere(docmill: Docmill) -> None:
    """Its retention is in the same index as that of documents."""
    client: Any = Redis.from_url(Valkey(Folder.of(docmill.data_dir)).ensure(), decode_responses=True)  # pyright: ignore[reportUnknownMemberType]
    client.zadd(KEYS.named("retention"), {"0-batch": 1, "0-none": 1})
    client.hset(KEYS.batch("0-batch"), "state", "ended")
    assert [found.member for found in find_dangling(client)] == ["0-none"]
    client.zrem(KEYS.named("retention"), "0-batch", "0-none")
    client.delete(KEYS.batch("0-batch"))


@pytest.mark.parametrize("kind", ["queued", "running"])
def test_nothing_is_not_damage(docmill: Docmill, kind: str) -> None:
    """Empty indexes are whole."""
    client: Any = Redis.from_url(Valkey(Folder.of(docmill.data_dir)).ensure(), decode_responses=True)  # pyright: ignore[reportUnknownMemberType]
    assert not [found for found in find_dangling(client) if found.kind == kind]
