"""A ledger of what was done to docmill, kept by whoever did it; and the same figures as Prometheus reads them."""

from collections import Counter

from prometheus_client import Metric

Entry = tuple[str, frozenset[tuple[str, str]]]


class Ledger(Counter[Entry]):
    """Counts by the metric's name, without prefix and suffix, and labels."""

    def note(self, name: str, by: int = 1, **labels: str) -> None:
        """It happened."""
        self[name, frozenset(labels.items())] += by


def counted(families: dict[str, Metric]) -> Ledger:
    """Every counter, and how many each histogram of docmill observed; what is 0 is left out."""
    found = Ledger()
    for family in families.values():
        wanted = {"counter": f"{family.name}_total", "histogram": f"{family.name}_count"}.get(family.type)
        for sample in family.samples:
            if sample.name == wanted and sample.value and not family.name.startswith(("docmill_http", "docmill_redis")):
                found.note(family.name.removeprefix("docmill_"), int(sample.value), **sample.labels)
    return found
