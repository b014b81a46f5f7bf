"""`docmill top`: all of docmill at a glance, again each second."""

import asyncio
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.options import Json

if TYPE_CHECKING:
    from rich.console import Console

    from orchestrator.cli.top.scene import Looking

PERIOD = 1.0
"""Seconds between two pictures."""


def top(
    once: Annotated[bool, typer.Option("--once", help="One picture, then end.")] = False,
    json: Json = False,
) -> None:
    """Show lanes, slots, jobs, models and the last failures, live; q or Ctrl-C ends it."""
    with suppress(KeyboardInterrupt):  # the usual way to end it
        asyncio.run(_run(once, json))


async def _run(once: bool, json: bool) -> None:
    from orchestrator.cli.connecting import reading
    from orchestrator.cli.output import results, show_json
    from orchestrator.cli.top.picture import picture
    from orchestrator.cli.top.scene import Looking

    async with reading() as mill:
        looking, console = Looking(mill), results()
        if json:
            show_json((await looking.look()).as_json())
        elif once:
            console.print(picture(await looking.look(), console.width))
        elif console.is_terminal and sys.stdin.isatty():
            await _live(looking, console)
        else:
            await _repeat(looking, console)


async def _live(looking: "Looking", console: "Console") -> None:
    """On a terminal: one screen, which the pictures replace."""
    from rich.live import Live

    from orchestrator.cli.top.keyboard import keys
    from orchestrator.cli.top.picture import picture
    from orchestrator.errors import Unreachable

    with keys("q") as pressed, Live(console=console, screen=True, auto_refresh=False) as live:
        scene = await looking.look()
        while not pressed.is_set():
            live.update(picture(scene, console.width), refresh=True)
            try:
                await asyncio.wait_for(pressed.wait(), PERIOD)
            except TimeoutError:
                try:
                    scene = await looking.look()
                except Unreachable as problem:
                    # It may be back in a moment: the last picture stays, and says what is wrong.
                    scene = scene.troubled(str(problem))


async def _repeat(looking: "Looking", console: "Console") -> None:
    """Without a terminal: one picture after the other."""
    from orchestrator.cli.top.picture import picture

    while True:
        console.print(picture(await looking.look(), console.width))
        sys.stdout.flush()
        await asyncio.sleep(PERIOD)
