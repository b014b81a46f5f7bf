"""Webhooks: real posts to a real receiver, by a real worker; signed, tried again, disabled, replayed."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from orchestrator.settings import Settings
from tests.api.conftest import PIPELINES
from tests.support.engine import Engine
from tests.support.server import Server
from tests.support.workers import running_worker, wait_until

SUBMISSION = {"pipeline": "chain", "text": "x"}


class Receiver:
    """Takes posts, and answers them with what it is told to.

    Args:
        status: of its answers.
    """

    def __init__(self) -> None:
        self.status, self.taken = 200, list[tuple[dict[str, str], bytes]]()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # the framework's name
                """Nothing on the test's output."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/told?token=secret"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """One that answers 200."""
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Of an API that knows that receivers may be on this machine."""
    return settings.model_copy(update={"outbound_allow": "127.0.0.1"})


@pytest.fixture
def worked(server: Server, tmp_path: Path) -> Iterator[None]:
    """A worker that runs `chain`, and delivers."""
    more = {"pipelines": ",".join(PIPELINES), "slots": "cpu*1 hooks*2", "standby": "0", "outbound_allow": "127.0.0.1"}
    with running_worker(server.url, tmp_path, **more):
        yield


async def submitted(client: httpx.AsyncClient) -> str:
    """A document that has ended."""
    ended = (await client.post("/v1/documents", json=SUBMISSION, headers={"Prefer": "wait=30"})).json()
    assert ended["status"] == "succeeded"
    return ended["id"]


async def finished(client: httpx.AsyncClient, hook: str) -> dict[str, Any]:
    """The newest delivery, once it has ended."""
    newest = (await client.get(f"/v1/webhooks/{hook}/deliveries")).json()["deliveries"][0]["id"]
    await client.get(f"/v1/documents/{newest}?wait=20")
    return (await client.get(f"/v1/webhooks/{hook}/deliveries")).json()["deliveries"][0]


@pytest.mark.usefixtures("worked")
async def test_a_receiver_is_told_and_can_check_who_tells(client: httpx.AsyncClient, receiver: Receiver) -> None:
    """Thin, signed with the secret that was shown once; replayed with the same id."""
    added = (await client.post("/v1/webhooks", json={"url": receiver.url, "events": ["document.succeeded"]})).json()
    document = await submitted(client)
    done = await finished(client, added["id"])
    (headers, body), *_ = receiver.taken
    told = Webhook(added["secret"]).verify(body, headers)
    assert (told["type"], told["data"]["id"]) == ("document.succeeded", document)
    assert (done["document"], done["id"], done["attempts"]) == (document, headers["webhook-id"], 1)
    again = await client.post(f"/v1/webhooks/{added['id']}/deliveries/{done['id']}/replay")
    assert again.status_code == 202
    wait_until(lambda: len(receiver.taken) == 2, "it is told again")
    assert receiver.taken[1][0]["webhook-id"] == headers["webhook-id"]


@pytest.mark.usefixtures("worked")
async def test_one_that_wants_no_more_is_disabled(client: httpx.AsyncClient, receiver: Receiver) -> None:
    """By 410, until it is enabled; meanwhile nothing is entered for it."""
    receiver.status = 410
    hook = (await client.post("/v1/webhooks", json={"url": receiver.url})).json()["id"]
    await submitted(client)
    failed = await finished(client, hook)
    assert (failed["status"], "410" in failed["log"][-1]) == ("failed", True)
    kept = (await client.get(f"/v1/webhooks/{hook}")).json()
    assert (kept["state"], "410" in kept["why"]) == ("disabled", True)
    await submitted(client)
    assert len((await client.get(f"/v1/webhooks/{hook}/deliveries")).json()["deliveries"]) == 1
    assert (await client.post(f"/v1/webhooks/{hook}/enable")).json()["state"] == "active"


@pytest.mark.usefixtures("worked")
async def test_one_that_fails_is_tried_again_later(
    client: httpx.AsyncClient, receiver: Receiver, server: Server
) -> None:
    """On the standard's schedule: after about 5 s; the delivery waits in `delayed`, not in a slot."""
    receiver.status = 500
    hook = (await client.post("/v1/webhooks", json={"url": receiver.url})).json()["id"]
    await submitted(client)
    wait_until(lambda: server.redis.zcard("docmill:{s0}:delayed") == 1, "it waits for its next try")
    ((_, due),) = server.redis.zrange("docmill:{s0}:delayed", 0, -1, withscores=True)
    seconds, micros = server.redis.time()
    assert 3 < due / 1000 - (seconds + micros / 1e6) < 5.6
    (delivery,) = (await client.get(f"/v1/webhooks/{hook}/deliveries")).json()["deliveries"]
    assert (delivery["finished_at"], "HTTP 500" in delivery["log"][-1]) == (None, True)


async def test_a_receiver_of_one_document(client: httpx.AsyncClient, engine: Engine, receiver: Receiver) -> None:
    """It is told of that one, and not of the next."""
    told = (await client.post("/v1/documents", json={**SUBMISSION, "webhook": receiver.url})).json()["id"]
    await client.post("/v1/documents", json=SUBMISSION)
    engine.slot().work_off()
    made = [key for key in map(str, engine.server.redis.keys("*:doc:*.hook*")) if ":data" not in key]
    assert len(made) == 1
    assert f":doc:{told}.hook-" in made[0]


@pytest.mark.usefixtures("worked")
async def test_the_end_of_a_batch_is_told_once(client: httpx.AsyncClient, receiver: Receiver) -> None:
    """After the ends of its documents, to who asked for it or for all; and not of its documents to who wants only that."""
    only, all_of_it = Receiver(), receiver
    await client.post("/v1/webhooks", json={"url": only.url, "events": ["batch.ended"], "secret": ""})
    hook = (await client.post("/v1/webhooks", json={"url": all_of_it.url})).json()
    opened = await client.post("/v1/batches", json={"pipeline": "chain", "lines": [{"text": "a"}, {"text": "b"}]})
    batch = opened.json()["id"]
    wait_until(lambda: len(all_of_it.taken) == 3 and only.taken, "all was told")
    only.close()
    told = [json.loads(body)["type"] for _, body in all_of_it.taken]
    assert (told.count("document.succeeded"), told.count("batch.ended")) == (2, 1)
    (news,) = [json.loads(body) for _, body in only.taken]
    assert (news["type"], news["data"]["id"], news["data"]["status"]) == ("batch.ended", batch, "ended")
    links = news["data"]["links"]
    assert (await client.get(links["self"])).json()["succeeded"] == 2
    assert len((await client.get(links["outcomes"])).json()["outcomes"]) == 2
    deliveries = (await client.get(f"/v1/webhooks/{hook['id']}/deliveries")).json()["deliveries"]
    assert [one["document"] for one in deliveries].count(batch) == 1


async def test_what_cannot_be_a_receiver(client: httpx.AsyncClient) -> None:
    """Clear words, and nothing is kept."""
    for odd in (
        {"url": "ftp://x"},
        {"url": "https://x", "events": ["document.eaten"]},
        {"url": "https://x", "secret": "a"},
    ):
        refused = await client.post("/v1/webhooks", json=odd)
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-request")
    never = ("http://2851995902/latest", "http://0xa.8/told", "https://user:word@example.com/")
    for inside in ("http://169.254.169.254/latest", "http://[::1]/", "http://10.0.0.8:8080/told", *never):
        refused = await client.post("/v1/webhooks", json={"url": inside})
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/url-not-allowed")
        refused = await client.post("/v1/documents", json={**SUBMISSION, "webhook": inside})
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/url-not-allowed")
    assert (await client.get("/v1/webhooks")).json() == {"webhooks": []}
    assert (await client.get("/v1/documents")).json()["documents"] == []
    nobody = await client.get("/v1/webhooks/none")
    assert (nobody.status_code, nobody.json()["type"]) == (404, "/problems/unknown-webhook")
    for _ in range(10):
        assert (await client.post("/v1/webhooks", json={"url": "https://x"})).status_code == 201
    assert (await client.post("/v1/webhooks", json={"url": "https://x"})).status_code == 422


async def test_the_filter_and_the_end(client: httpx.AsyncClient, engine: Engine) -> None:
    """What is not asked for is not entered, nor what was removed, nor what docmill makes of a document itself."""
    only = {"url": "https://x", "events": ["document.failed"]}
    hooks = [(await client.post("/v1/webhooks", json=only)).json()["id"]]
    hooks += [(await client.post("/v1/webhooks", json={"url": "https://x"})).json()["id"] for _ in range(2)]
    assert (await client.delete(f"/v1/webhooks/{hooks[1]}")).status_code == 204
    await client.post("/v1/documents", json=SUBMISSION)
    engine.slot().work_off()
    entered = {hook: engine.server.redis.zcard(engine.keys.hook(hook, "deliveries")) for hook in hooks}
    assert entered == {hooks[0]: 0, hooks[1]: 0, hooks[2]: 1}
    listed = (await client.get("/v1/documents")).json()["documents"]
    assert [row["pipeline"].partition("@")[0] for row in listed] == ["chain"]
