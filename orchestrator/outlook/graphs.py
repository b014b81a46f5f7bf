"""A compiled pipeline read back: what follows what, and what a retry runs again. Pure."""

import re
from collections.abc import Mapping
from functools import cached_property

from orchestrator.lanes import overrides as lanes_of

FOLLOWER = re.compile(r"(\S+) \S+ (plain|over|chain) (\S+)")
"""One part of `after:<step>`: name, lane, kind, inputs."""


class Graph:
    """The graph of one pipeline.

    Args:
        plan: the fields of `pipeline:<id>`.
    """

    def __init__(self, plan: Mapping[str, str]) -> None:
        self.plan = plan
        self.steps = plan.get("steps", "").split()
        found = [match for step in self.steps for match in FOLLOWER.findall(plan.get(f"after:{step}", ""))]
        self.inputs: dict[str, list[str]] = {name: inputs.split(",") for name, _, inputs in found}
        self._chained = {name for name, kind, _ in found if kind == "chain"}

    @cached_property
    def whole(self) -> bool:
        """Whether items stand where their document does, so that no other comes between them."""
        return "order" in self.plan

    def lane(self, step: str, overrides: str = "") -> str:
        """The lane of a step.

        Args:
            overrides: its document's field `lanes`.
        """
        chosen = lanes_of(overrides)
        return chosen.get(step) or self.plan.get(f"lane:{step}", "")

    def over(self, step: str) -> str | None:
        """The step whose items it maps over."""
        return self.plan.get(f"over:{step}")

    def batch(self, step: str) -> int:
        """Most jobs that one call runs."""
        return int(self.plan.get(f"batch:{step}") or 1)

    def after(self, step: str) -> list[str]:
        """All that comes after a step, in order."""
        reached = {step}
        for other in self.steps:
            if reached.intersection(self.inputs.get(other, ())):
                reached.add(other)
        return [other for other in self.steps if other in reached and other != step]

    def revived(self, head: Mapping[str, str]) -> dict[str, str]:
        """What a retry runs again, as `lua/lib/revive.lua` works it out: step -> `whole`, or `rest`: the items that it lacks.

        Args:
            head: the fields of the document's state.
        """
        modes: dict[str, str] = {}
        for step in self.steps:
            mode = self._own_mode(step, head)
            for at, name in enumerate(self.inputs.get(step, ())):
                if name in modes:
                    rest = modes[name] == "rest" and step in self._chained and at == 0
                    mode = (mode or "rest") if rest else "whole"
            if mode:
                modes[step] = mode
        return modes

    def _own_mode(self, step: str, head: Mapping[str, str]) -> str | None:
        state, begun = head.get(f"{step}.state"), self.over(step) is not None and f"{step}.items" in head
        if state == "skipped" and f"{step}.error" not in head:
            return None
        if state == "done":
            return "rest" if begun and f"{step}.failed" in head else None
        return "rest" if begun else "whole"
