"""Time passes as a test wants it: all that is stored is moved, and the server's clock stays the one clock."""

import re
from contextlib import closing
from typing import Any

from orchestrator.connection import Blocking
from orchestrator.keys import Keys
from tests.testing.pipelines import saying, shouting
from worker.testing import TestMill
from worker.testing.clock import Clock
from worker.testing.server import Server

HALF_AN_HOUR = 1_800_000
KEYS = Keys()


def everything(server: Server, longer: int = 0) -> dict[str, Any]:
    """All that is stored for longer than so many ms, but for the stream of events."""
    redis, found = server.redis, dict[str, Any]()
    for key in redis.keys("docmill:{*"):
        if 0 <= redis.pttl(key) <= longer:
            continue
        kind = redis.type(key)
        if kind == "zset":
            found[key] = dict(redis.zrange(key, 0, -1, withscores=True))
        elif kind == "hash":
            found[key] = redis.hgetall(key)
        elif kind == "list":
            found[key] = redis.lrange(key, 0, -1)
    return found


def times(stored: dict[str, Any]) -> list[int]:
    """Every time in it."""
    return sorted(int(word) for word in re.findall(r"(?<![\w.])1[6-9]\d{11}(?![\w])", str(stored)))


def test_every_time_is_moved_and_nothing_else(mill: TestMill, docmill_server: Server) -> None:
    mill.fail_once("shout")
    mill.submit(shouting, text="1764000000000 b", deadline=7200)
    mill.submit(saying, text="1764000000000")
    mill.submit(saying, text="c", delay=60)
    mill.run_until_idle()
    mill.client.pause("lane", "gpu")
    before = everything(docmill_server, HALF_AN_HOUR)
    with closing(Blocking(mill.url)) as transport:
        Clock(transport).shift(1800)
    after = {key: value for key, value in everything(docmill_server).items() if key in before}
    own = {key for key in before if key.endswith(":data") or ":ready:" in key or ":pipeline:" in key}
    assert {key: before[key] for key in own} == {key: after[key] for key in own}
    kept = [{key: value for key, value in one.items() if key not in own} for one in (before, after)]
    assert times(kept[1]) == [time - HALF_AN_HOUR for time in times(kept[0])] and len(times(kept[0])) > 20
    assert re.sub(r"\d{13}", "", str(kept[0])) == re.sub(r"\d{13}", "", str(kept[1]))


def test_a_deadline_passes(mill: TestMill) -> None:
    document = mill.submit(saying, text="a", deadline=3600)
    mill.shift(3601)
    assert mill.run_until_idle() == []
    assert (mill.get(document).status, mill.get(document).error) == ("failed", "Deadline")


def test_a_document_is_purged_when_its_retention_has_passed(mill: TestMill, docmill_server: Server) -> None:
    document = mill.submit(saying, text="a")
    mill.run_until_idle()
    mill.shift(86_399)
    assert mill.get(document).status == "succeeded"
    mill.shift(2)
    assert docmill_server.redis.keys(f"{KEYS.doc(document)}*") == []


def test_what_only_has_a_ttl_ends(mill: TestMill) -> None:
    first = mill.submit(saying, text="a", key="k")
    assert mill.submit(saying, text="a", key="k") == first
    mill.shift(86_401)
    assert mill.submit(saying, text="a", key="k") != first


def test_a_lane_that_rests_for_a_service_goes_on(mill: TestMill) -> None:
    from orchestrator import Unavailable

    mill.fail("say", Unavailable("the service is down"), times=3)
    documents = [mill.submit(saying, text=str(index)) for index in range(3)]
    mill.run_until_idle(through_delays=True)
    assert [mill.result(document) for document in documents] == ["0", "1", "2"]
