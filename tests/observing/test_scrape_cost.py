"""What a scrape costs Redis: little, and no more where more waits."""

import httpx
import pytest

from api.app import create_app
from orchestrator.calls import Leased
from orchestrator.ids import new_id
from orchestrator.settings import Settings
from tests.api.conftest import calling
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.figures import scraped, values
from tests.support.pipelines import chain, moods, shouting
from tests.support.whying import staff

FEW, MANY = 1_000, 100_000
AT_ONCE = 200
"""Documents of one call."""
PROMISED = 5_000
"""Microseconds of Redis' time; as any bound in time, five times of it is allowed here."""
OWN = {"cmdstat_info", "cmdstat_config|resetstat"}


def output(job: Leased) -> object:
    """Of any step."""
    return ["a", "b"] if job.step == "split" else "x"


def submit(engine: Engine, documents: int) -> None:
    """So many, of three pipelines, three lanes and three priorities."""
    for n in range(0, documents, AT_ONCE):
        pipeline = (chain, moods, shouting)[n // AT_ONCE % 3]
        some = [(new_id(), pipeline.input_json({"text": "a b"})) for _ in range(AT_ONCE)]
        lanes = {next(iter(pipeline.calls)): ("cpu", "gpu")[n // AT_ONCE % 2]}
        call = engine.documents.submit(pipeline.id, some, priority=(1, 5, 9)[n // AT_ONCE % 3], lanes=lanes)
        assert engine.transport.send(call)[0] == "accepted"


async def scrape(engine: Engine, client: httpx.AsyncClient) -> tuple[int, float, str]:
    """Commands and microseconds of one, and its answer."""
    engine.server.redis.config_resetstat()
    text = (await client.get("/metrics")).text
    told = {name: of for name, of in engine.server.redis.info("commandstats").items() if name not in OWN}
    return sum(of["calls"] for of in told.values()), sum(of["usec"] for of in told.values()), text


@pytest.mark.timeout(300)
async def test_a_scrape_costs_as_much_at_100_000_waiting_documents_as_at_1_000(
    make_engine: MakeEngine, settings: Settings
) -> None:
    engine = staff(make_engine(chain, moods, shouting))
    slot = engine.slot("w/1")
    submit(engine, FEW)
    slot.work_off(output)
    submit(engine, FEW)
    for hand in (slot, engine.slot("w/0")):
        hand.take()
    async with calling(create_app(settings)) as client:
        await scrape(engine, client)
        few, _, _ = await scrape(engine, client)
        submit(engine, MANY)
        many, microseconds, text = await scrape(engine, client)
        cheapest = min([microseconds, *[(await scrape(engine, client))[1] for _ in range(4)]])
    ready = scraped(text)["docmill_lane_ready"]
    assert sum(count for _, count in values(ready)) == FEW + MANY - 2
    assert many < 1.5 * few, "as many commands, but for how alike the entries are that are looked at"
    assert cheapest < 5 * PROMISED
    print(f"{many} commands, {cheapest:.0f} µs of Redis")
