"""Whoever wants to know is told that a document has ended, however it ended."""

import base64
from collections.abc import Generator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from orchestrator import Fatal, Finished, Retry
from orchestrator.client import Mill
from orchestrator.errors import UsageError
from orchestrator.settings import Settings, load_settings
from tests.documents.fakes import FakeContext, free_port
from tests.results.pipelines import NOISY
from tests.results.receiver import Receiver, receiving
from tests.support.server import Server
from tests.support.workers import running_worker, wait_until
from worker.steps.notify import notify

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
ENDED = Finished("doc1", "succeeded", "document@1")


@pytest.fixture
def receiver() -> Generator[Receiver]:
    """One that takes what comes."""
    with receiving() as made:
        yield made


def _context(tmp_path: Path, **settings: str | None) -> FakeContext:
    return FakeContext(Settings(data_dir=tmp_path, **settings))  # pyright: ignore[reportArgumentType]


async def test_every_final_state_is_told(server: Server, tmp_path: Path, receiver: Receiver) -> None:
    """By a real worker: succeeded, partial, failed and cancelled; signed; with nothing of the document in it."""
    told = {"notify_url": receiver.url, "notify_secret": SECRET, "public_url": "https://mill.example/"}
    settings = Settings(redis_url=server.url, data_dir=tmp_path / "data", pipelines=(NOISY,))
    wanted = {"go": "succeeded", "half": "partial", "fail": "failed", "wait": "cancelled"}
    with running_worker(server.url, tmp_path, pipelines=NOISY, slots="cpu*2", **told):
        async with Mill(server.url, settings) as mill:
            ids = {what: await mill.submit("noisy", {"what": what}) for what in wanted}
            await mill.cancel(ids["wait"], "enough")
            wait_until(lambda: len(receiver.posts) >= len(wanted), "every document is told of")
    news = {body["data"]["id"]: body for body in (_verified(*post) for post in receiver.posts)}
    assert {what: news[ids[what]]["type"] for what in ids} == {w: f"document.{state}" for w, state in wanted.items()}
    failed = news[ids["fail"]]["data"]
    here = f"https://mill.example/v1/documents/{ids['fail']}"
    assert failed["links"] == {"self": here, "result": f"{here}/result"}
    assert (failed["status"], failed["pipeline"].partition("@")[0]) == ("failed", "noisy")
    assert not any(b"Smith" in body for _, body in receiver.posts)


def test_the_signature_is_of_the_body_and_the_id(tmp_path: Path, receiver: Receiver) -> None:
    """As the Standard Webhooks specification has it; a body that was changed is refused."""
    notify(ENDED, ctx=_context(tmp_path, notify_url=receiver.url, notify_secret=SECRET))
    ((sent, body),) = receiver.posts
    assert _verified(sent, body)["data"]["links"]["self"] == "/v1/documents/doc1"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"doc1", b"doc2"), sent)


def test_the_same_news_has_the_same_id(tmp_path: Path, receiver: Receiver) -> None:
    """So that a receiver that is told twice can drop the second; not so a document that was retried, and ends anew."""
    ctx = _context(tmp_path, notify_url=receiver.url)
    for ctx.id in ("doc1.finish", "doc1.finish", "doc1.finish1"):
        notify(ENDED, ctx=ctx)
    first, again, other = (sent["webhook-id"] for sent, _ in receiver.posts)
    assert first == again == "doc1.finish.succeeded"
    assert other != first
    assert "webhook-signature" not in receiver.posts[0][0]


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500, 503])
def test_what_is_not_taken_is_sent_again(tmp_path: Path, receiver: Receiver, status: int) -> None:
    """Also a redirect, which is not followed; the reason shows nothing secret of the URL."""
    receiver.answers = [status]
    with pytest.raises(Retry, match=f"answered HTTP {status}, not 2xx") as told:
        notify(ENDED, ctx=_context(tmp_path, notify_url=receiver.url))
    assert len(receiver.posts) == 1
    assert "secret" not in str(told.value)


def test_a_receiver_that_is_gone_is_not_asked_again(tmp_path: Path, receiver: Receiver) -> None:
    """410 is its word for that."""
    receiver.answers = [410]
    with pytest.raises(Fatal, match="wants no more news"):
        notify(ENDED, ctx=_context(tmp_path, notify_url=receiver.url))


def test_a_receiver_that_is_down_is_waited_for(tmp_path: Path) -> None:
    """For hours: the delays of all retries together."""
    with pytest.raises(Retry, match="cannot be told"):
        notify(ENDED, ctx=_context(tmp_path, notify_url=f"http://127.0.0.1:{free_port()}"))
    policy = notify.retry
    assert sum(min(policy.delay * 2**n, 3600) for n in range(policy.retries)) > 4 * 3600


def test_a_host_that_cannot_be_is_fatal(tmp_path: Path) -> None:
    """No waiting mends a name."""
    with pytest.raises(Fatal, match="DOCMILL_NOTIFY_URL cannot be posted to"):
        notify(ENDED, ctx=_context(tmp_path, notify_url=f"http://{'a' * 70}.example/"))


def test_without_a_receiver_nothing_leaves_the_machine(tmp_path: Path) -> None:
    """One log line."""
    assert notify(ENDED, ctx=_context(tmp_path)) is None


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NOTIFY_SECRET", "whsec_c2hvcnQ=", "24 to 64 random bytes"),
        ("NOTIFY_SECRET", "not base64!", "24 to 64 random bytes"),
        ("NOTIFY_URL", "example.com/hook", "begins with https://"),
        ("PUBLIC_URL", "mill.example", "begins with https://"),
        ("RESULTS_DB", "results.db", "write a database's URL"),
    ],
)
def test_wrong_settings_are_told_at_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    """With what to write instead."""
    monkeypatch.setenv(f"DOCMILL_{name}", value)
    load_settings.cache_clear()
    with pytest.raises(UsageError, match=f"DOCMILL_{name}: .*{said}"):
        load_settings()


def _verified(sent: dict[str, str], body: bytes) -> dict[str, Any]:
    Webhook(SECRET).verify(body, sent)
    return msgspec.json.decode(body)
