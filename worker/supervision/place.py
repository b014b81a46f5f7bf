"""Where a slot process runs: on which card, and with which of the models."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orchestrator.errors import UsageError
from orchestrator.models import model_of
from orchestrator.registry import Registry
from worker.machine.cards import Card


@dataclass(frozen=True)
class Place:
    """What is the same for every process that follows another in one place.

    Args:
        card: UUID; empty is none.
        visible: what CUDA_VISIBLE_DEVICES is set to; None leaves it as it is.
        words: what the slot says that it serves, as in `lua/lib/served.lua`.
        token: name of the card's token, where two runtimes share it; empty is none.
    """

    card: str = ""
    visible: str | None = None
    words: tuple[str, ...] = ()
    token: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Of its process."""
        return {} if self.visible is None else {"CUDA_VISIBLE_DEVICES": self.visible}


def places(registry: Registry, lanes: Sequence[str], cards: Sequence[Card], split: bool) -> list[list[Place]]:
    """For each card in turn (or once, without one), the places of its processes: one a runtime of the lanes' models.

    Args:
        cards: that this worker was given; empty where there is none, or none was named.
        split: give each runtime a process of its own even without a card.
    """
    runtimes = _runtimes(registry, lanes)
    together = len(runtimes) < 2 or not (cards or split)
    made: list[list[Place]] = []
    for card in cards or [None]:
        uuid, visible = (card.uuid, card.uuid) if card else ("", None)
        if together:
            made.append([Place(uuid, visible, ("alone",))])
            continue
        token = uuid or f"host-{os.getuid()}"
        made.append([Place(uuid, visible, _words(runtimes, own), token) for own in runtimes])
    return made


def chosen_cards(text: str, there: Sequence[Card]) -> list[Card]:
    """The cards that the setting `gpus` names: `all`, or indexes, comma separated; empty is none.

    Raises:
        UsageError: a card that is not there.
    """
    if text == "all" and not there:
        raise UsageError("DOCMILL_GPUS=all: no card is found here; leave it out to run on the CPU")
    if text in {"", "all"}:
        return list(there) if text else []
    by_index = {str(card.index): card for card in there}
    wanted = text.split(",")
    if missing := [one for one in wanted if one not in by_index]:
        found = ", ".join(by_index) or "none"
        raise UsageError(f"DOCMILL_GPUS={text}: there is no card {missing[0]!r} here; found: {found}")
    return [by_index[one] for one in wanted]


def _runtimes(registry: Registry, lanes: Iterable[str]) -> dict[str, list[str]]:
    """Runtime -> its models, of the steps in these lanes."""
    found: dict[str, list[str]] = {}
    served = {lane.partition(":")[0] for lane in lanes}
    for step in registry.steps:
        if step.model is not None and step.lane in served and (runtime := model_of(step.model).runtime):
            found.setdefault(runtime, [])
            if step.model not in found[runtime]:
                found[runtime].append(step.model)
    return found


def _words(runtimes: dict[str, list[str]], own: str) -> tuple[str, ...]:
    siblings = [model for runtime, models in runtimes.items() if runtime != own for model in models]
    return ("alone", *(f"model={one}" for one in runtimes[own]), *(f"sibling={one}" for one in siblings))
