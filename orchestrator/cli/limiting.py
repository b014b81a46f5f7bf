"""`docmill limit`: how fast a lane gives out its jobs, and how many may wait in it."""

import asyncio
import math
from typing import Annotated

import typer

from orchestrator.cli.options import Json
from orchestrator.errors import UsageError

OFF = "off"
PER = {"s": 1.0, "m": 60.0, "h": 3600.0}

Lane = Annotated[str, typer.Argument(help="A lane: gpu, llm, cpu, or one of your own.", metavar="LANE")]
Rate = Annotated[str | None, typer.Option("--rate", help="Jobs at most: 10/s, 600/m, 100/h; or off.")]
Burst = Annotated[
    int | None, typer.Option("--burst", help="Jobs at once, after it gave out none for a while; with a rate.", min=1)
]
Most = Annotated[
    str | None,
    typer.Option("--most", help="Entries that may wait; then submissions are refused (a fan-out is one); or off."),
]


def limit(lane: Lane, rate: Rate = None, burst: Burst = None, most: Most = None, json: Json = False) -> None:
    """Bound a lane, for all workers together; without options, show its bounds. What runs or waits is not touched."""
    from orchestrator.cli.output import results, show_json

    found = asyncio.run(_bound(lane, _rate(rate), burst, _most(most)))
    if json:
        whole = {name: int(found[name]) for name in ("burst", "most") if name in found}
        show_json({"lane": lane, "rate": found.get("rate"), "burst": whole.get("burst"), "most": whole.get("most")})
    else:
        results().print(f"lane {lane}: {_told(found)}", markup=False)


async def _bound(lane: str, rate: float | None, burst: int | None, most: int | None) -> dict[str, float]:
    from orchestrator.cli.connecting import submitting

    async with submitting() as mill:  # it knows the lanes of the user's own pipelines
        if (rate, burst, most) != (None, None, None):
            await mill.bound_lane(lane, rate=rate, burst=burst, most=most)
        return await mill.bounds(lane)


def _rate(text: str | None) -> float | None:
    """Jobs a second; 0 takes the bound away."""
    if text is None or text == OFF:
        return None if text is None else 0.0
    number, _, per = text.partition("/")
    try:
        rate = float(number) / PER[per or "s"]
    except (ValueError, KeyError):
        rate = math.nan
    if not 0 < rate < math.inf:
        raise UsageError(f"--rate {text!r}: give jobs and a time, 10/s, 600/m or 100/h; or {OFF}")
    return rate


def _most(text: str | None) -> int | None:
    """Entries; 0 takes the bound away."""
    if text is None or text == OFF:
        return None if text is None else 0
    if not text.isdecimal() or not int(text):
        raise UsageError(f"--most {text!r}: give a whole number, or {OFF}")
    return int(text)


def _told(found: dict[str, float]) -> str:
    from orchestrator.outlook.spans import per_time

    words = {name: f"{value:.15g}" for name, value in found.items()}
    told = [f"at most {per_time(found['rate'])}"] if "rate" in found else []
    if "burst" in found:
        told.append(f"bursts of {words['burst']}" + ("" if told else " once it has a --rate"))
    if "most" in found:
        told.append(f"at most {words['most']} waiting")
    return ", ".join(told) or "no bounds"
