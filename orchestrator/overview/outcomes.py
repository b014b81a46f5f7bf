"""How documents ended, against what should be. Pure."""

from collections.abc import Collection, Mapping, Sequence

from orchestrator.overview.figures import Again, Outcome
from orchestrator.overview.flow import Line

BAD_ENDS = ("retry", "failed", "died", "lost", "memory")
"""How a run ends that did not succeed."""
MOST_STEPS = 8


def outcome_of(now: float, totals: Line, lines: Sequence[Line], goal: float, again: list[Again]) -> Outcome:
    """Since the oldest line, an hour at most; since ever where there is none.

    Args:
        totals: as they are now.
        goal: the share of documents that should succeed.
    """
    begin: Line = lines[0] if lines else {}
    ended = {
        name: max(0, totals[name] - begin.get(name, 0)) for name in ("succeeded", "partial", "failed", "cancelled")
    }
    judged = ended["succeeded"] + ended["partial"] + ended["failed"]
    share = 1 - ended["failed"] / judged if judged else None
    allowed = judged * (1 - goal)
    budget = 1 - ended["failed"] / allowed if allowed else None
    window = now - begin["at"] / 1000 if begin else 0.0
    return Outcome(window, **ended, goal=goal, share=share, budget=budget, again=again)


def runs_again(stats: Mapping[str, int], before: Mapping[str, int], left_out: Collection[str]) -> list[Again]:
    """The steps whose runs failed most since then."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for field, value in stats.items():
        kind, *parts = field.split(":")
        gained = value - before.get(field, 0)
        if kind == "ended" and len(parts) == 3 and parts[0] not in left_out and gained > 0:
            found.setdefault((parts[0], parts[1]), {})[parts[2]] = gained
    ordered = sorted(found.items(), key=lambda one: -sum(one[1].values()))
    return [Again(*series, ended) for series, ended in ordered[:MOST_STEPS]]
