"""Categories as users write them: a label, or `label: description`."""

from dataclasses import dataclass

from orchestrator import Fatal


@dataclass(frozen=True)
class Label:
    """A category.

    Args:
        name: what is chosen and stored.
        description: what it is, in a few words; may be empty.
    """

    name: str
    description: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.description})" if self.description else self.name


def parse_labels(categories: list[str]) -> list[Label]:
    """Those of a pipeline's parameter, in their order, each name once.

    Raises:
        Fatal: fewer than two, or one without a name.
    """
    labels: dict[str, Label] = {}
    for category in categories:
        name, _, description = category.partition(":")
        labels.setdefault(name.strip().casefold(), Label(name.strip(), description.strip()))
    if "" in labels:
        raise Fatal(f"classify has a category without a name: write a label or `label: description`, not {categories}")
    if len(labels) < 2:
        raise Fatal(f"classify needs at least two categories, not {categories}")
    return list(labels.values())


def label_of(answer: str, names: list[str]) -> str | None:
    """The one that an answer is, whatever its case and the signs around it; None where it is none of them."""
    said = answer.strip().strip(".\"'`*:;!()[] \n").casefold()
    return next((name for name in names if name.casefold() == said), None)
