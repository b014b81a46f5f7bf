"""Promise 4: no client's clock decides anything."""

import time

import pytest

from tests.conftest import MakeEngine
from tests.support.pipelines import chain


def test_a_client_whose_clock_is_an_hour_ahead_stores_the_servers_time(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(chain)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 3600)
    document = engine.submit(chain, text="a")
    slot = engine.slot()
    slot.fail(slot.take(), delay=5.0)
    seconds, microseconds = engine.server.redis.time()
    now = seconds * 1000 + microseconds // 1000
    head = engine.head(document)
    stored = [int(head["submitted"]), int(head["started"]), int(engine.run(document, "one").started or 0)]
    assert all(abs(at - now) < 60_000 for at in stored)
    assert 0 < engine.server.redis.zscore(engine.keys.named("delayed"), f"{document}/one") - now < 6_000
