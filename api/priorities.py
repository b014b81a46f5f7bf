"""How urgent what somebody asks for may be."""

from api.problems import Problem
from orchestrator.access import Access


def priority_for(access: Access, given: int | None) -> int:
    """The priority that is taken: what is asked for, else the usual one, as far as the key goes.

    Raises:
        Problem: the key does not go so far.
    """
    if given is not None and given > access.most_priority:
        told = f"key {access.key} may ask for priority {access.most_priority} at most, and not for {given}"
        raise Problem("priority-not-allowed", told)
    return access.usual_priority if given is None else given
