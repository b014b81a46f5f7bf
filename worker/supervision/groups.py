"""What slots a worker has, as the setting `slots` says."""

import re
from dataclasses import dataclass

from orchestrator.errors import UsageError
from orchestrator.lanes import known_lane

GROUP = re.compile(r"(?P<name>[a-z][a-z0-9_-]*)(\*(?P<count>\d+)(-(?P<most>\d+))?)?([:=](?P<lanes>[a-z0-9_,-]+))?")


@dataclass(frozen=True)
class Group:
    """Slots of one kind.

    Args:
        name: for people.
        count: how many jobs at a time, at least.
        most: and at most: more are started while work piles up, and ended when there is none.
        lanes: in order of preference.
        shared: whether one process runs them all as asyncio tasks; else each is a process.
    """

    name: str
    count: int
    most: int
    lanes: tuple[str, ...]
    shared: bool

    @property
    def processes(self) -> int:
        """How many processes they take."""
        return min(1, self.count) if self.shared else self.count

    @property
    def slots_per_process(self) -> int:
        """How many slots one process holds."""
        return self.count if self.shared else 1


def parse_groups(text: str) -> list[Group]:
    """Read `NAME*COUNT[-MOST][=lane,lane…] …`.

    Raises:
        UsageError: it cannot be read, names an unknown lane, or mixes shared lanes with others.
    """
    groups = [_parse(word) for word in text.split()]
    if not any(group.most for group in groups):
        raise UsageError(f"DOCMILL_SLOTS={text!r} names no slot: write, for example, gpu*1 llm*8 cpu*2")
    return groups


def _parse(word: str) -> Group:
    found = GROUP.fullmatch(word)
    if found is None:
        raise UsageError(f"DOCMILL_SLOTS: {word!r} is not NAME*COUNT or NAME*COUNT=lane,lane or NAME*LEAST-MOST")
    lanes = tuple((found["lanes"] or found["name"]).split(","))
    shared = {known_lane(lane).shared for lane in lanes}
    if len(shared) > 1:
        raise UsageError(f"DOCMILL_SLOTS: {word!r} mixes lanes that a process shares with others that it does not")
    count = int(found["count"] or 1)
    most = int(found["most"] or count)
    if most < count or (most > count and shared == {True}):
        raise UsageError(f"DOCMILL_SLOTS: {word!r}: a range is LEAST-MOST, and only for slots that are a process each")
    return Group(found["name"], count, most, lanes, shared.pop())
