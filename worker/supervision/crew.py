"""Makes the processes of a worker: each with its slots' names, its lanes, its card."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestrator.registry import Registry
from worker.machine.cards import Card
from worker.supervision.groups import Group
from worker.supervision.place import Place, places
from worker.supervision.process import SlotProcess

ALONE = "alone"
"""The group, and the class of a lane, of jobs that must run alone."""


@dataclass
class Crew:
    """Gives every slot a number, once, and every process its place.

    Args:
        worker: its id.
        cards: that gpu slots may use.
        split: give each runtime a process of its own even without a card.
    """

    worker: str
    registry: Registry
    cards: Sequence[Card]
    split: bool = False
    _number: int = 0
    _seats: dict[str, int] = field(default_factory=dict[str, int])

    def first(self, groups: Sequence[Group], every_card: bool) -> list[SlotProcess]:
        """Those to start with.

        Args:
            every_card: a slot for each card, also where the group names fewer.
        """
        made: list[SlotProcess] = []
        for group in groups:
            cards = len(self.cards) if every_card and uses_cards(group) and group.most else 0
            for _ in range(max(group.processes, cards)):
                made += self.another(group)
        return made

    def another(self, group: Group) -> list[SlotProcess]:
        """One more seat of a group: a process, or one for each runtime that shares its card."""
        seat = self._seats.get(group.name, 0)
        self._seats[group.name] = seat + 1
        if not uses_cards(group):
            words = () if group.shared else (ALONE,)
            return [SlotProcess(group, self._names(group.slots_per_process), Place(words=words), seat=seat)]
        by_card = places(self.registry, group.lanes, self.cards, self.split)
        return [SlotProcess(group, self._names(1), place, seat=seat) for place in by_card[seat % len(by_card)]]

    def alone(self, lane: str) -> SlotProcess:
        """A process of one slot, for the jobs of a shared lane that must run alone."""
        group = Group(ALONE, 1, 1, (f"{lane}:{ALONE}",), shared=True)
        return SlotProcess(group, self._names(1), Place(words=(ALONE,)))

    def successor(self, process: SlotProcess, short: bool, died: bool) -> SlotProcess:
        """The next process in the place of one that ended."""
        lives = process.short_lives + 1 if short else 0
        return SlotProcess(
            process.group, process.names, process.place, short_lives=lives, deaths=process.deaths + died,
            seat=process.seat,
        )  # fmt: skip

    def reserve(self, process: SlotProcess) -> SlotProcess:
        """A process that stands by for the place of this one."""
        return SlotProcess(process.group, (), process.place)

    def _names(self, count: int) -> list[str]:
        names = [f"{self.worker}/{self._number + i}" for i in range(count)]
        self._number += count
        return names


def uses_cards(group: Group) -> bool:
    """Whether a group's slots are a process each that may use a card."""
    return not group.shared and "gpu" in {lane.partition(":")[0] for lane in (group.name, *group.lanes)}
