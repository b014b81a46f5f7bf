"""Are the indexes whole: does every entry lead to a document, or a job, that is in the state that the index is of?

An entry is read together with its document in one transaction, so what moves meanwhile is never mistaken for damage.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from orchestrator.keys import Keys
from orchestrator.states import FINAL_DOCUMENT, DocumentState

PAGE = 500
"""Entries read in one round trip."""
GRACE = 60_000
"""ms: a lease of an ended document is cleared by its slot's next call or, once it has run out, by sweep."""
JOB = re.compile(r"(?P<id>[^/]+)(?:/(?P<step>\w+)(?:\[(?P<item>\d+)\])?)?")


@dataclass(frozen=True)
class Dangling:
    """An entry that leads nowhere."""

    index: str
    kind: str
    """`ready`, `delayed`, `leases`, `retention`, or the state that a `by:` index is of."""
    member: str
    why: str


def find_dangling(client: Any, keys: Keys | None = None) -> Iterator[Dangling]:
    """All of them; the indexes are walked in pages, Redis is never held up.

    Args:
        client: a redis-py client that decodes replies.
    """
    keys = keys or Keys()
    for index, kind in _indexes(client, keys):
        entries = (member for member, _ in client.zscan_iter(index, count=PAGE))
        while page := list(islice(entries, PAGE)):
            whys = _judge_page(client, keys, index, kind, page)
            yield from (Dangling(index, kind, member, why) for member, why in zip(page, whys, strict=True) if why)


def remove_dangling(client: Any, found: Dangling, keys: Keys | None = None) -> bool:
    """Remove one, unless it has come to lead somewhere; returns whether it is gone."""
    keys = keys or Keys()

    def remove(pipe: Any) -> None:
        why = _judge(found.kind, *_read(pipe, keys, found.index, found.member), now=_now(pipe))
        pipe.multi()
        if why:
            pipe.zrem(found.index, found.member)

    client.transaction(remove, found.index, keys.doc(_parts(found.member)["id"] or ""))
    return client.zscore(found.index, found.member) is None


def _indexes(client: Any, keys: Keys) -> Iterator[tuple[str, str]]:
    for lane in sorted(client.smembers(keys.named("lanes"))):
        yield keys.ready(lane), "ready"
        for name in (client.hget(keys.lane(lane), "classes") or "").split():
            yield keys.ready(f"{lane}:{name}"), "ready"
    for name in ("delayed", "leases", "retention"):
        yield keys.named(name), name
    for status in DocumentState:
        yield keys.by(status), status


def _judge_page(client: Any, keys: Keys, index: str, kind: str, page: Sequence[str]) -> list[str]:
    now = _now(client)
    with client.pipeline(transaction=True) as pipe:
        for member in page:
            _read(pipe, keys, index, member)
        replies = iter(pipe.execute())
    return [_judge(kind, *islice(replies, 4), now=now) for _ in page]


def _read(pipe: Any, keys: Keys, index: str, member: str) -> tuple[Any, Any, Any, Any]:
    """Its score, its document's and its step's state, the item's record, and whether it is a batch."""
    parts = _parts(member)
    document, step = parts["id"] or "", parts["step"] or "-"
    score = pipe.zscore(index, member)
    states = pipe.hmget(keys.doc(document), "status", f"{step}.state")
    record = pipe.hmget(keys.fan(document, step), "size", parts["item"] or "-")
    return score, states, record, pipe.exists(keys.batch(document))


def _judge(
    kind: str, score: float | None, states: list[str | None], fan: list[str | None], is_batch: int, *, now: float
) -> str:
    """Why the entry leads nowhere; empty where it does not, or is gone already."""
    status, state = states
    if score is None or (kind == "retention" and is_batch):
        return ""
    if status is None:
        return "there is no such document"
    if kind == "retention":
        return "" if status in FINAL_DOCUMENT else f"the document is {status}"
    if kind in set(DocumentState):
        return "" if status == kind else f"the document is {status}"
    if status in FINAL_DOCUMENT:
        return "" if kind == "leases" and score > now - GRACE else f"the document is {status}"
    return _judge_job(kind, state, *fan)


def _judge_job(kind: str, state: str | None, size: str | None, item: str | None) -> str:
    expected = {"ready": "ready", "delayed": "delayed", "leases": "leased"}[kind]
    if item is not None:
        state = item.split()[-1]
    elif size is not None and kind == "delayed":
        expected = "ready"  # a fan-out whose next item is a retry waits there
    return "" if state == expected else f"the job is {state or 'unknown'}"


def _parts(member: str) -> dict[str, str | None]:
    found = JOB.fullmatch(member)
    return found.groupdict() if found else {"id": member, "step": None, "item": None}


def _now(client: Any) -> float:
    seconds, _ = client.time()
    return float(seconds) * 1000
