"""The parties of a contract: two fields of the result, whose order says nothing."""

from collections.abc import Mapping

from orchestrator.evaluation.agreeing import agrees
from orchestrator.findings import Field

NAMES = ("party", "other_party")


def shared_out(true: Mapping[str, str | None], found: Mapping[str, Field]) -> dict[str, str | None]:
    """The true fields, each true party beside the found one that names it.

    Args:
        true: `party` holds them all, parted by ` | `.
    """
    every = true.get(NAMES[0])
    if every is None or NAMES[1] in true:
        return dict(true)
    left, shared = every.split(" | "), dict[str, str | None]()
    values = {name: found[name].value for name in NAMES if name in found}
    for name, value in values.items():
        match = next((party for party in left if value is not None and agrees("text", party, value)), None)
        if match is not None:
            shared[name] = match
            left.remove(match)
    # What was found and is none of them is wrong only where a party is left: others may sign too.
    for name in sorted(
        {*values, NAMES[0]} - set(shared), key=lambda name: (values.get(name) is None, name == NAMES[1])
    ):
        if left:
            shared[name] = left.pop(0)
    return {name: value for name, value in true.items() if name != NAMES[0]} | shared
