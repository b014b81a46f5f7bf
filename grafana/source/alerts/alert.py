"""What an alert is."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Alert:
    """One alert: `value op bound`, and whatever else must be so.

    Args:
        value: what is watched; a panel shows it.
        bound: from where on it is too much.
        hold: for how long it must be so.
        severity: `page` gets somebody up, `ticket` waits for the morning.
        summary: one line; description: what it means, with the figure. Both are templates.
        board, panel: where to look, by uid and title.
        also: a condition beside it.
    """

    name: str
    value: str
    bound: float
    hold: str
    severity: Literal["page", "ticket"]
    summary: str
    description: str
    board: str
    panel: str
    op: str = ">"
    also: str = ""

    @property
    def expr(self) -> str:
        """In PromQL."""
        watched = f"{self.value} {self.op} {self.bound:g}"
        return f"({watched}) {self.also}" if self.also else watched
