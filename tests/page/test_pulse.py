"""One look for however many look; none when nobody does."""

import asyncio
from contextlib import aclosing

import pytest

from api.page import pulse as pulses
from api.page.pulse import Pulse
from orchestrator.errors import Unreachable


class Watch:
    """Counts looks; fails where it is told to."""

    def __init__(self) -> None:
        self.looks, self.broken = 0, False

    async def look(self) -> int:
        """The number of the look."""
        self.looks += 1
        await asyncio.sleep(0)
        if self.broken:
            raise Unreachable("Redis does not answer")
        return self.looks


async def test_who_asks_within_a_period_is_told_the_same() -> None:
    """Fifty at once, then one more: one look."""
    watch = Watch()
    pulse = Pulse(watch.look, period=60)
    beats = await asyncio.gather(*(pulse.now() for _ in range(50)), pulse.now())
    assert ({beat.seen for beat in beats}, watch.looks) == ({1}, 1)
    pulse.nudge()
    assert (await pulse.now()).seen == 2, "what was just done is seen at once"


async def test_all_who_follow_get_each_look() -> None:
    """And when the last has gone, the looking ends by itself."""
    watch = Watch()
    pulse, told = Pulse(watch.look, period=0.01), list[list[int]]()

    async def follow() -> None:
        mine: list[int] = []
        told.append(mine)
        async with aclosing(pulse.beats()) as beats:
            async for beat in beats:
                mine.append(beat.number)
                if len(mine) == 5:
                    return

    await asyncio.gather(*(follow() for _ in range(20)))
    assert all(mine == sorted(set(mine)) for mine in told)
    assert watch.looks <= 12, "twenty who follow cost what one costs"
    await pulse.close()


async def test_nobody_follows_nothing_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """After it lingered for whoever reloads."""
    monkeypatch.setattr(pulses, "LINGER", 0.05)
    watch = Watch()
    pulse = Pulse(watch.look, period=0.01)
    async with aclosing(pulse.beats()) as beats:
        async for beat in beats:
            if beat.number == 3:
                break
    async with asyncio.timeout(5):
        while pulse.is_looking:
            await asyncio.sleep(0.01)
    before = watch.looks
    await asyncio.sleep(0.1)
    assert watch.looks == before


async def test_what_was_seen_last_stays_where_a_look_fails() -> None:
    """With what is wrong, and for how long."""
    watch = Watch()
    pulse = Pulse(watch.look, period=0.0)
    await pulse.now()
    watch.broken = True
    beat = await pulse.now()
    assert (beat.seen, beat.trouble) == (1, "Redis does not answer")
    watch.broken = False
    assert (await pulse.now()).trouble == ""
