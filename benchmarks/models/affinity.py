"""Two models, room for one, jobs that alternate: how often is one loaded, and how long does it take?"""

from benchmarks.figures import Figures
from benchmarks.models.pipelines import BUDGET
from benchmarks.models.setting import Setting, submit_all

JOBS = 100
PATIENCE = {"affinity": "30", "no_affinity": "0"}
"""Figure -> `DOCMILL_AFFINITY`."""


async def measure_affinity(setting: Setting) -> Figures:
    """Loads and seconds, with docmill's own patience and with none."""
    figures: Figures = {}
    for name, seconds in PATIENCE.items():
        side = setting.side()
        async with side.mill() as mill:
            await submit_all(mill, JOBS, lambda number: (("left", "right")[number % 2], {"document": str(number)}))
            with side.worker(affinity=seconds, vram_budget=BUDGET) as worker:
                setting.until(worker, JOBS)
        loads = setting.journal.entries("load")
        # From the first load on: what a start costs stays out.
        figures[f"{name}_loads"] = len(loads)
        figures[f"{name}_seconds"] = (setting.strip.runs[-1][1] - loads[0].at) / 1e9
    return figures
