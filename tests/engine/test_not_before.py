"""A document that may not start before a time."""

from datetime import UTC, datetime
from typing import Any

import pytest

from orchestrator import admission
from orchestrator.client import Mill
from orchestrator.errors import UsageError
from tests.conftest import MakeEngine
from tests.support.scheduled import HOUR


async def test_a_time_is_converted_with_the_clock_of_the_server(make_engine: MakeEngine, mill: Mill) -> None:
    engine = make_engine()
    now = engine.transport.send(engine.documents.time())
    async with mill:
        for moment in (datetime.fromtimestamp(now + HOUR, UTC), now + HOUR):
            head = engine.head(await mill.submit("chain", {"text": "a"}, not_before=moment))
            assert head["one.state"] == "delayed"
            assert abs(int(head["one.ready"]) / 1000 - now - HOUR) < 0.5
        past = await mill.submit("chain", {"text": "a"}, not_before=now - 5, deadline=60)
    assert engine.head(past)["one.state"] == "ready"
    assert admission.wait(0.0, now - 5, now, None) == 0.0


async def test_what_could_never_start_in_time_is_refused(make_engine: MakeEngine, mill: Mill) -> None:
    engine = make_engine()
    now = engine.transport.send(engine.documents.time())
    later = datetime.fromtimestamp(now + HOUR, UTC)
    refused: list[tuple[dict[str, Any], str]] = [
        ({"not_before": later, "delay": 1.0}, "not both"),
        ({"not_before": later, "deadline": 60.0}, "must have ended 60 s from now"),
        ({"delay": 61.0, "deadline": 60.0}, "a later deadline"),
        ({"not_before": datetime(2026, 11, 1)}, "no time zone"),
        ({"not_before": now * 1000}, "is not possible"),
    ]
    async with mill:
        for wrong, told in refused:
            with pytest.raises(UsageError, match=told):
                await mill.submit("chain", {"text": "a"}, **wrong)
    assert engine.transport.send(engine.documents.by_status("queued", 9)) == []
