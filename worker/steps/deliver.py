"""`tell`: post to a receiver of webhooks that a document or a batch has ended, as Standard Webhooks has it."""

import random
from datetime import UTC, datetime

from orchestrator import Context, Fatal, Finished, Retry, step
from orchestrator.connection import Asynchronous
from orchestrator.errors import NotFetched, UnsafeAddress
from orchestrator.hooks import Hooks, Notice
from orchestrator.outbound import fetch_guarded
from orchestrator.states import FINAL_DOCUMENT
from worker.steps.notify import BATCH, DOCUMENT, headers, news

SCHEDULE = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds until it is tried again after the first failure, the second and so on: as the standard recommends."""
JITTER = 0.1
"""The share by which each may be longer: what failed together does not come back together."""
TIMEOUT = 20.0
"""Seconds for all of one try."""
GONE, BUSY = 410, (429, 503)
LONGEST = 86_400.0
"""Seconds that a receiver may ask to be left alone."""


@step(lane="hooks", version="1", retries=len(SCHEDULE), soft_limit=60, hard_limit=90)
async def tell(notice: Notice, ctx: Context) -> int:
    """Post it; the status that was answered. A receiver may be told twice, with one `webhook-id`.

    Raises:
        Retry: nobody answers, or not 2xx. Fatal: the receiver was removed or disabled, may not be visited, or says 410: then
            it is disabled.
    """
    assert ctx.settings.redis_url is not None
    transport = Asynchronous(ctx.settings.redis_url)
    try:
        return await _tell(Hooks(transport), notice, ctx)
    finally:
        await transport.close()


async def _tell(hooks: Hooks, notice: Notice, ctx: Context) -> int:
    hook = await hooks.find(notice.hook)
    if hook is None or hook.state != "active":
        raise Fatal(f"the receiver {notice.hook} was {'removed' if hook is None else 'disabled'}: nothing was sent")
    now = datetime.now(UTC)
    kind = DOCUMENT if notice.status in FINAL_DOCUMENT else BATCH
    body = news(Finished(notice.id, notice.status, notice.pipeline), ctx.settings.public_url, now, kind)
    told = headers(ctx.id, body, hook.secret, now)
    try:
        async with fetch_guarded("POST", hook.url, ctx.settings, content=body, headers=told, seconds=TIMEOUT) as answer:
            status, asked = answer.status_code, answer.headers.get("retry-after", "")
    except UnsafeAddress as problem:
        raise Fatal(str(problem)) from None
    except NotFetched as problem:
        raise Retry(_pause(ctx.attempt), str(problem)) from None
    if status == GONE:
        await hooks.disable(hook.id, "the receiver answered HTTP 410: it wants no more")
        raise Fatal(f"the receiver {hook.id} wants no more (HTTP 410): it is disabled")
    if not 200 <= status < 300:
        least = min(float(asked), LONGEST) if status in BUSY and asked.isdecimal() else 0.0
        raise Retry(max(least, _pause(ctx.attempt)), f"the receiver answered HTTP {status}, not 2xx")
    return status


def _pause(attempt: int) -> float:
    """Seconds until the next try after that one (1 is the first)."""
    return SCHEDULE[min(attempt, len(SCHEDULE)) - 1] * (1 + random.random() * JITTER)
