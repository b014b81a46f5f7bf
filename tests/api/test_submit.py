"""Submitting over REST: 202 means that the document will reach a final state."""

import asyncio
import hashlib
import json
from pathlib import Path

import httpx

from api.accepting import plain_name
from orchestrator.settings import Settings
from tests.support.engine import Engine


async def test_a_submission_is_answered_with_where_to_look(client: httpx.AsyncClient) -> None:
    """202, Location and Retry-After; the document is there at once."""
    answer = await client.post("/v1/documents", json={"pipeline": "chain", "text": "hello", "priority": 9})
    body = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/documents/{body['id']}" == body["links"]["self"]
    assert answer.headers["retry-after"] == "1"
    read = (await client.get(answer.headers["location"])).json()
    assert (read["id"], read["status"], read["priority"]) == (body["id"], "queued", 9)
    assert read["steps"][0]["waits_for"].startswith("a worker: none is alive")


async def test_text_is_the_parameter_of_that_name(client: httpx.AsyncClient, engine: Engine) -> None:
    """A pipeline that takes `text` needs no file."""
    document = (await client.post("/v1/documents", json={"pipeline": "chain", "text": "hello"})).json()["id"]
    assert engine.data(document)["input"] == b'{"text":"hello"}'


async def test_text_is_a_file_for_a_pipeline_that_takes_one(client: httpx.AsyncClient, engine: Engine) -> None:
    """It is stored as a text file."""
    document = (await client.post("/v1/documents", json={"pipeline": "filed", "text": "héllo"})).json()["id"]
    source = json.loads(engine.data(document)["input"])["source"]
    assert (source["name"], source["size"]) == ("text.txt", 6)


async def test_a_path_of_the_server(
    client: httpx.AsyncClient, engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    """The file is copied: what happens to it later changes nothing."""
    path = tmp_path / "letter.txt"
    path.write_bytes(b"Dear Sir")
    answer = await client.post("/v1/documents", json={"pipeline": "filed", "path": str(path)})
    path.unlink()
    source = json.loads(engine.data(answer.json()["id"])["input"])["source"]
    assert (settings.data_dir / "blobs" / source["blob"]).read_bytes() == b"Dear Sir"
    assert source["digest"] == hashlib.sha256(b"Dear Sir").hexdigest()


async def test_an_upload_of_many_megabytes(client: httpx.AsyncClient, engine: Engine, settings: Settings) -> None:
    """It goes to the blob store whole, with the fields of the form."""
    content = bytes(range(256)) * 20_000
    form = {"pipeline": "filed", "priority": "8", "parameters": '{"note": "urgent"}', "lanes": '{"weigh": "gpu"}'}
    answer = await client.post("/v1/documents", data=form, files={"file": ("big.bin", content)})
    assert answer.status_code == 202, answer.text
    document = answer.json()["id"]
    given = json.loads(engine.data(document)["input"])
    assert given["note"] == "urgent"
    assert (settings.data_dir / "blobs" / given["source"]["blob"]).read_bytes() == content
    assert (engine.head(document)["priority"], engine.head(document)["lanes"]) == ("8", "weigh=gpu")


async def test_a_file_name_that_no_file_system_takes(client: httpx.AsyncClient, engine: Engine) -> None:
    """Folders, control characters and length are cut; the rest stays for people."""
    names = {"../../etc/passwd": "passwd", "a\\b\\c.pdf": "c.pdf", "..": "file"}
    for given, kept in names.items():
        files = {"file": (given, b"content")}
        answer = await client.post("/v1/documents", data={"pipeline": "filed"}, files=files)
        source = json.loads(engine.data(answer.json()["id"])["input"])["source"]
        assert source["name"] == kept
    assert plain_name("x\x01\n\u202ey.pdf") == "x___y.pdf"
    answer = await client.post("/v1/documents", data={"pipeline": "filed"}, files={"file": ("ä" * 400 + ".pdf", b"x")})
    source = json.loads(engine.data(answer.json()["id"])["input"])["source"]
    assert source["name"].endswith("ä.pdf")
    assert len(source["name"].encode()) <= 120


async def test_a_delayed_document_waits(client: httpx.AsyncClient, engine: Engine) -> None:
    """`delay` is in seconds; the API itself lets it in when it is due."""
    document = (await client.post("/v1/documents", json={"pipeline": "chain", "text": "x", "delay": 0.3})).json()["id"]
    assert engine.head(document)["one.state"] == "delayed"
    async with asyncio.timeout(5):
        while engine.head(document)["one.state"] != "ready":
            await asyncio.sleep(0.05)
