"""API keys, as commands print them."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from orchestrator.access import Kept
from orchestrator.cli.wording import local_time
from orchestrator.views import iso


def keys(found: Sequence[Kept]) -> Table:
    """A row for each."""
    table = Table("id", "tenant", "scopes", "rate", "most priority", "roots", "created", "label")
    for kept in found:
        rate = f"{kept.rate.count} in {kept.rate.seconds} s" if kept.rate else ""
        roots = "" if kept.roots is None else ", ".join(kept.roots) or "none"
        made = local_time(iso(str(kept.created)) or "")
        cells = (kept.id, kept.tenant, ", ".join(kept.scopes), rate, str(kept.most_priority), roots, made, kept.label)
        table.add_row(*map(escape, cells))
    return table
