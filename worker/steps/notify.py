"""`notify`: run when a document has ended, however it ended; tells a receiver so, if there is one."""

from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from orchestrator import Context, Fatal, Finished, Retry, step
from orchestrator.logs import logger

log = logger(__name__)

TIMEOUT = 15.0
"""Seconds for each of connecting, sending, and the first word of the answer."""
GONE = 410


class Kind(NamedTuple):
    """Of what news tell: its name, where it is found under `/v1`, and which part of it there is what became of it."""

    name: str
    place: str
    part: str


DOCUMENT, BATCH = Kind("document", "documents", "result"), Kind("batch", "batches", "outcomes")


@step(lane="cpu", version="2", retries=12, retry_delay=30, soft_limit=60, hard_limit=90)
def notify(finished: Finished, ctx: Context) -> None:
    """Log one line; post the news to `DOCMILL_NOTIFY_URL`, signed as Standard Webhooks are where there is a secret.

    A receiver may be down for six hours: that long it is tried again. It may be told twice, with one `webhook-id`.

    Raises:
        Retry: the receiver does not answer, or does not say 2xx. Fatal: it says 410, it wants no more.
    """
    log.info("document ended", document=finished.id, status=finished.status, pipeline=finished.pipeline)
    if url := ctx.settings.notify_url:
        now = datetime.now(UTC)
        body = news(finished, ctx.settings.public_url, now)
        _post(url, body, headers(f"{ctx.id}.{finished.status}", body, ctx.settings.notify_secret, now))


def news(ended: Finished, public_url: str | None, now: datetime, kind: Kind = DOCUMENT) -> bytes:
    """What is posted: thin, with nothing of the document in it; whoever wants more follows the links, with a key."""
    here = f"{(public_url or '').rstrip('/')}/v1/{kind.place}/{ended.id}"
    data = {
        "id": ended.id,
        "status": ended.status,
        "pipeline": ended.pipeline,
        "links": {"self": here, kind.part: f"{here}/{kind.part}"},
    }
    return msgspec.json.encode({"type": f"{kind.name}.{ended.status}", "timestamp": now, "data": data})


def headers(message: str, body: bytes, secret: str | None, now: datetime) -> dict[str, str]:
    """The post's, with the signature where there is a secret.

    Args:
        message: an id, the same whenever this news is sent again; another where a document was retried and ends anew.
    """
    told = {"content-type": "application/json", "webhook-id": message, "webhook-timestamp": str(int(now.timestamp()))}
    if secret:
        from standardwebhooks import Webhook

        told["webhook-signature"] = Webhook(secret).sign(message, now, body.decode())
    return told


def _post(url: str, body: bytes, headers: dict[str, str]) -> None:
    import httpx2

    try:
        # The answer's body is not read: its status says all, and it may be long.
        with httpx2.stream(
            "POST", url, content=body, headers=headers, timeout=TIMEOUT, follow_redirects=False
        ) as answer:
            status = answer.status_code
    except httpx2.HTTPError as problem:
        raise Retry(
            reason=f"the receiver at {_place(url)} cannot be told: {problem or type(problem).__name__}"
        ) from problem
    except (httpx2.InvalidURL, UnicodeError) as problem:  # a host's name that cannot be one is told as the latter
        raise Fatal(f"DOCMILL_NOTIFY_URL cannot be posted to: {problem}") from problem
    if status == GONE:
        raise Fatal(f"the receiver at {_place(url)} wants no more news (HTTP 410): change DOCMILL_NOTIFY_URL")
    if not 200 <= status < 300:
        raise Retry(reason=f"the receiver at {_place(url)} answered HTTP {status}, not 2xx")


def _place(url: str) -> str:
    """A URL without what may be secret in it: user, path and query."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
