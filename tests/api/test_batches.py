"""Batches over REST: as JSON, and as JSONL read line by line."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from api import batching
from api.app import create_app
from orchestrator.batches.filling import CHUNK
from orchestrator.ids import new_id
from orchestrator.settings import Settings
from tests.api.conftest import Connect
from tests.api.test_problems import check
from tests.support.engine import Engine

BATCHES = "/v1/batches"
JSONL = {"content-type": "application/jsonl"}


def lines(*parameters: object) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in parameters)


async def outcomes(client: httpx.AsyncClient, batch: str) -> list[dict[str, object]]:
    """All of them, streamed."""
    answer = await client.get(f"{BATCHES}/{batch}/outcomes", headers={"accept": "application/jsonl"})
    assert answer.headers["content-type"] == "application/jsonl"
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_as_json(client: httpx.AsyncClient, engine: Engine) -> None:
    asked = {
        "pipeline": "chain",
        "name": "letters",
        "priority": 7,
        "lines": [{"text": "a", "custom_id": "INV-1"}, {"parameters": {"text": "b"}}],
    }
    answer = await client.post(BATCHES, json=asked)
    body = answer.json()
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == body["links"]["self"] == f"{BATCHES}/{body['id']}"
    assert (body["state"], body["documents"], body["refused"]) == ("closed", 2, 0)
    told = (await client.get(answer.headers["location"])).json()
    assert (told["name"], told["queued"], told["priority"]) == ("letters", 2, 7)
    engine.slot().work_off()
    told = await client.get(answer.headers["location"])
    assert (told.json()["state"], told.json()["succeeded"]) == ("ended", 2)
    assert "retry-after" not in told.headers
    first = (await outcomes(client, body["id"]))[0]
    assert (first["line"], first["custom_id"], first["document"], first["status"], first["output"]) == (
        1,
        "INV-1",
        f"{body['id']}.00001",
        "succeeded",
        "done",
    )


async def test_as_lines_a_bad_one_is_refused_by_itself(client: httpx.AsyncClient) -> None:
    content = (
        b"\xef\xbb\xbf" + lines({"text": "a"}, {"colour": 1}, {"text": "c"}) + b'{"text": "the last, without an end"}'
    )
    answer = await client.post(f"{BATCHES}?pipeline=chain", content=content, headers=JSONL)
    body = answer.json()
    assert (answer.status_code, body["documents"], body["refused"]) == (202, 3, 1)
    assert "colour" in body["refusals"]["2"]
    told = await outcomes(client, body["id"])
    assert [one["status"] for one in told] == ["queued", "refused", "queued", "queued"]


async def test_thousands_as_they_come(client: httpx.AsyncClient) -> None:
    """The body is cut anywhere, and no more of it is held than a few lines."""
    count = 2000

    async def drip() -> AsyncGenerator[bytes]:
        whole = lines(*({"text": f"number {n}"} for n in range(count)))
        for first in range(0, len(whole), 1013):
            yield whole[first : first + 1013]

    answer = await client.post(f"{BATCHES}?pipeline=chain", content=drip(), headers=JSONL)
    assert (answer.json()["documents"], answer.json()["refused"]) == (count, 0)
    last = await client.get(f"/v1/documents/{answer.json()['id']}.{count:05}")
    assert last.status_code == 200


async def test_a_line_that_is_too_long_is_not_kept(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "LONGEST_LINE", 100)
    content = lines({"text": "a"}, {"text": "b" * 200}, {"text": "c"})
    answer = await client.post(f"{BATCHES}?pipeline=chain", content=content, headers=JSONL)
    assert (answer.json()["documents"], answer.json()["refused"]) == (2, 1)
    assert "100 bytes" in answer.json()["refusals"]["2"]


async def test_the_same_lines_with_the_same_id_go_on(client: httpx.AsyncClient, engine: Engine) -> None:
    """What broke half way is sent again, and nothing is there twice; then it is closed."""
    batch = new_id()

    async def breaks() -> AsyncGenerator[bytes]:
        yield lines(*({"text": "a"} for _ in range(CHUNK)))
        raise OSError("the client is gone")

    broken = await client.post(f"{BATCHES}?pipeline=chain&id={batch}", content=breaks(), headers=JSONL)
    assert broken.status_code >= 400
    half = (await client.get(f"{BATCHES}/{batch}")).json()
    assert (half["state"], half["documents"]) == ("open", CHUNK)
    whole = lines(*({"text": "a"} for _ in range(CHUNK + 10)))
    answer = await client.post(f"{BATCHES}?pipeline=chain&id={batch}", content=whole, headers=JSONL)
    assert (answer.json()["id"], answer.json()["documents"], answer.json()["state"]) == (batch, CHUNK + 10, "closed")
    body = check(
        await client.post(f"{BATCHES}?pipeline=chain&id={batch}", content=whole, headers=JSONL), "batch-closed"
    )
    assert batch in body["detail"]


async def test_the_same_key_leads_to_the_same_batch(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also to one that was broken off: it goes on."""
    monkeypatch.setattr(batching, "PATIENCE", 0.0)
    await client.patch("/v1/lanes/cpu", json={"most": 10})
    content, keyed = lines(*({"text": "a"} for _ in range(100))), {**JSONL, "idempotency-key": "month-11"}
    check(await client.post(f"{BATCHES}?pipeline=chain", content=content, headers=keyed), "lane-full")
    await client.patch("/v1/lanes/cpu", json={"most": 1000})
    answers = [await client.post(f"{BATCHES}?pipeline=chain", content=content, headers=keyed) for _ in range(2)]
    assert [(answer.status_code, answer.json()["documents"]) for answer in answers] == [(202, 100)] * 2
    (listed,) = (await client.get(BATCHES)).json()["batches"]
    assert {answer.json()["id"] for answer in answers} == {listed["id"]}
    for more, key in ((f"&id={new_id()}", "k"), ("", "two words")):
        wrong = {**JSONL, "idempotency-key": key}
        check(await client.post(f"{BATCHES}?pipeline=chain{more}", content=content, headers=wrong), "invalid-request")


async def test_files_of_the_server(client: httpx.AsyncClient, tmp_path: Path, settings: Settings) -> None:
    """By path, as far as the server allows it; a source is nobody's to name."""
    (tmp_path / "letter.txt").write_text("Dear Sir")
    path, source = str(tmp_path / "letter.txt"), {"name": "a", "blob": "0-000/input/a"}
    content = lines(path, {"path": path}, {"path": "relative"}, {"parameters": {"source": source}}, {"text": "x"})
    answer = await client.post(f"{BATCHES}?pipeline=filed", content=content, headers=JSONL)
    body = answer.json()
    assert (body["documents"], body["refused"]) == (3, 2)
    assert "not an absolute path" in body["refusals"]["3"]
    assert "give the file as path or text" in body["refusals"]["4"]
    assert [blob.read_text() for blob in (settings.data_dir / "blobs").rglob("letter.txt")] == ["Dear Sir"] * 2


async def test_paths_outside_the_roots(settings: Settings, connect: Connect, tmp_path: Path) -> None:
    """A batch opens no more doors than a document does."""
    (tmp_path / "roots").mkdir()
    rooted = settings.model_copy(update={"input_roots": str(tmp_path / "roots")})
    other = await connect(create_app(rooted))
    answer = await other.post(f"{BATCHES}?pipeline=filed", content=lines("/etc/passwd"), headers=JSONL)
    assert answer.json()["documents"] == 0
    assert "DOCMILL_INPUT_ROOTS" in answer.json()["refusals"]["1"]


async def test_outcomes_page_by_page(client: httpx.AsyncClient) -> None:
    content = lines(*({"text": "a"} for _ in range(7)))
    batch = (await client.post(f"{BATCHES}?pipeline=chain", content=content, headers=JSONL)).json()["id"]
    address, found = f"{BATCHES}/{batch}/outcomes?limit=3", list[int]()
    while address:
        answer = await client.get(address)
        found += [one["line"] for one in answer.json()["outcomes"]]
        address = answer.json()["next"]
    assert found == [1, 2, 3, 4, 5, 6, 7]


async def test_listed_newest_first(client: httpx.AsyncClient) -> None:
    made = [
        (await client.post(BATCHES, json={"pipeline": "chain", "lines": [{"text": "a"}]})).json()["id"]
        for _ in range(5)
    ]
    address, found = f"{BATCHES}?limit=2", list[str]()
    while address:
        answer = (await client.get(address)).json()
        found += [batch["id"] for batch in answer["batches"]]
        address = answer["next"]
    assert found == made[::-1]


async def test_cancelled_then_deleted(client: httpx.AsyncClient, engine: Engine) -> None:
    batch = (await client.post(BATCHES, json={"pipeline": "chain", "lines": [{"text": "a"}] * 3})).json()["id"]
    check(await client.delete(f"{BATCHES}/{batch}"), "not-finished")
    answer = await client.post(f"{BATCHES}/{batch}/cancel", json={"why": "a mistake"})
    assert (answer.json()["state"], answer.json()["cancelled"]) == ("ended", 3)
    assert (await client.delete(f"{BATCHES}/{batch}")).status_code == 204
    check(await client.get(f"{BATCHES}/{batch}"), "purged")
    assert engine.head(f"{batch}.00001")["status"] == "cancelled", "its documents stay"


async def test_one_that_has_ended_is_not_cancelled(client: httpx.AsyncClient, engine: Engine) -> None:
    batch = (await client.post(BATCHES, json={"pipeline": "chain", "lines": [{"text": "a"}]})).json()["id"]
    engine.slot().work_off()
    check(await client.post(f"{BATCHES}/{batch}/cancel"), "already-ended")


async def test_a_full_lane_is_told_with_how_to_go_on(
    client: httpx.AsyncClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "PATIENCE", 0.0)
    await client.patch("/v1/lanes/cpu", json={"most": 10})
    content = lines(*({"text": "a"} for _ in range(100)))
    answer = await client.post(f"{BATCHES}?pipeline=chain", content=content, headers=JSONL)
    assert "to go on" in check(answer, "lane-full")["detail"]
    assert answer.headers["retry-after"]


@pytest.mark.parametrize(
    ("query", "content", "kind"),
    [
        ("pipeline=nothing", b"", "unknown-pipeline"),
        ("pipeline=chain&priority=10", b"", "invalid-request"),
        ("pipeline=chain&colour=red", b"", "invalid-request"),
        ("pipeline=chain&lanes={", b"", "invalid-request"),
        ("pipeline=chain&lanes=[]", b"", "invalid-request"),
        ("pipeline=chain&id=nonsense", b"", "invalid-request"),
        ("pipeline=chain&aggregate=chain", b"", "invalid-request"),
        ("pipeline=chain&aggregate=nothing", b"", "unknown-pipeline"),
    ],
)
async def test_terms_that_cannot_be(client: httpx.AsyncClient, query: str, content: bytes, kind: str) -> None:
    check(await client.post(f"{BATCHES}?{query}", content=content, headers=JSONL), kind)


async def test_fifty_thousand_as_json(client: httpx.AsyncClient) -> None:
    """As many as a batch may have, and not one more."""
    lines = [{"text": f"page {number}"} for number in range(50_000)]
    answer = await client.post(BATCHES, json={"pipeline": "chain", "lines": lines}, timeout=60)
    assert (answer.status_code, answer.json()["documents"]) == (202, 50_000)
    more = await client.post(BATCHES, json={"pipeline": "chain", "lines": [*lines, {"text": "one more"}]}, timeout=60)
    assert "50000" in check(more, "invalid-request")["detail"]


async def test_bodies_that_cannot_be(client: httpx.AsyncClient) -> None:
    check(await client.post(BATCHES, content=b"x", headers={"content-type": "text/csv"}), "unsupported-media-type")
    check(await client.post(BATCHES, json={"pipeline": "chain"}), "invalid-request")
    wrong = {"pipeline": "chain", "lines": [{"text": "a"}, {"text": 1}]}
    body = check(await client.post(BATCHES, json=wrong), "invalid-request")
    assert body["errors"][0]["pointer"] == "#/lines/1/text"
    check(await client.post(f"{BATCHES}?pipeline=chain", json={"lines": []}), "invalid-request")
    deep = b'{"parameters":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001
    answer = await client.post(f"{BATCHES}?pipeline=chain", content=deep, headers=JSONL)
    assert answer.json()["refused"] == 1
    assert answer.status_code == 202


@pytest.mark.parametrize(("method", "after"), [("GET", ""), ("DELETE", ""), ("POST", "/cancel"), ("GET", "/outcomes")])
async def test_one_that_there_is_not(client: httpx.AsyncClient, method: str, after: str) -> None:
    for batch in ("0-000", "nonsense"):
        check(await client.request(method, f"{BATCHES}/{batch}{after}"), "unknown-batch")
