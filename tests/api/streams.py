"""Reading server-sent events in tests."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec


class Told(NamedTuple):
    """One event."""

    kind: str
    id: str
    data: Any


def told(lines: Iterable[str]) -> Iterator[Told]:
    """The events of a stream's lines; comments and `retry` are passed over."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name in {"event", "id", "data"}:
            fields[name] = value
        elif not line and "event" in fields:
            yield Told(fields["event"], fields.get("id", ""), msgspec.json.decode(fields["data"]))
            fields = {}


def short(events: Iterable[Told]) -> list[str]:
    """What they say, in short."""
    return [" ".join(filter(None, (e.data.get("step"), e.data.get("state") or e.data.get("text")))) for e in events]
