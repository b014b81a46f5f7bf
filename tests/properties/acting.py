"""What an action is, and how it finds what it acts on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from tests.properties.world import World

T = TypeVar("T")
Repeat = Literal["no", "twice", "lost"]
Tenant = Literal["acme", "zeta"]


class Action(Protocol):
    """One thing that somebody does."""

    def do(self, world: World) -> None:
        """Do it, and check the answer; where there is nothing to do it with, nothing."""
        ...


@dataclass(frozen=True)
class OnDocument:
    """An action on a document: the `which`-th that was submitted, around and around."""

    which: int

    def document(self, world: World) -> str | None:
        """Its id."""
        return pick(list(world.known.documents), self.which)


def pick(things: Sequence[T], which: int) -> T | None:
    """One of them; None where there is none."""
    return things[which % len(things)] if things else None
