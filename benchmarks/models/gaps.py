"""How long the slot does nothing of its user's between two items: from the end of a step to the start of the next."""

from benchmarks.figures import Figures
from benchmarks.models.setting import Setting, submit_all

ITEMS = 2000
SKIP = 50
"""Of them are not counted: the slot is starting."""


async def measure_gaps(setting: Setting) -> Figures:
    """Median and 99th percentile, µs, of documents of one step whose input comes with the claim."""
    figures: Figures = {}
    for name in ("bare", "resident"):
        side = setting.side()
        async with side.mill() as mill:
            await submit_all(mill, ITEMS, lambda number, name=name: (name, {"document": f"{number:08d}"}))
            with side.worker() as worker:
                setting.until(worker, ITEMS)
        gaps = setting.strip.gaps(SKIP)
        figures[f"gap_{name}_p50_us"] = gaps[len(gaps) // 2]
        figures[f"gap_{name}_p99_us"] = gaps[int(len(gaps) * 0.99)]
    return figures
