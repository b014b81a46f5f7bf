"""What somebody may do."""

import msgspec

from orchestrator.admission import URGENT, USUAL

SCOPES = ("submit", "read", "watch", "operate", "admin")
"""submit: bring documents in, steer and delete them. read: look at them. watch: look at lanes, workers, schedules, models,
figures. operate: change these too. admin: all of that, for every tenant."""


class Access(msgspec.Struct, frozen=True):
    """What the bearer of a key may do.

    Args:
        tenant: whose documents they submit and see.
        most_priority: the highest that they may ask for.
        roots: folders of the server whose files they may submit by path; None leaves it to `DOCMILL_INPUT_ROOTS`.
        key: the id of the key; empty where none is needed.
    """

    tenant: str
    scopes: frozenset[str]
    most_priority: int = URGENT
    roots: tuple[str, ...] | None = None
    key: str = ""

    def may(self, scope: str) -> bool:
        """Whether they may do what needs that scope."""
        return self.sees_all or scope in self.scopes or (scope == "watch" and "operate" in self.scopes)

    @property
    def sees_all(self) -> bool:
        """Whether every tenant's documents are theirs."""
        return "admin" in self.scopes

    @property
    def only_tenant(self) -> str | None:
        """The one tenant that they see; None is all."""
        return None if self.sees_all else self.tenant

    def sees(self, tenant: str) -> bool:
        """Whether what belongs to that tenant is theirs."""
        return self.sees_all or tenant == self.tenant

    @property
    def usual_priority(self) -> int:
        """The one that is taken where none is named."""
        return min(USUAL, self.most_priority)


EVERYTHING = Access("default", frozenset(SCOPES))
"""What whoever reaches an API without keys may do: it listens to its own machine only."""
