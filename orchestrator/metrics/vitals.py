"""How a worker is at one moment: what it says of itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class CardVitals:
    """A card; what the driver does not tell is None.

    Args:
        used, total: bytes. utilization: share of the time in which something ran on it. power: watts.
    """

    uuid: str
    name: str
    used: int
    total: int
    utilization: float | None = None
    power: float | None = None
    celsius: float | None = None


@dataclass(frozen=True)
class GroupVitals:
    """A group of slots: how many there are, how many hold a job, and the bytes that their processes hold."""

    slots: int = 0
    busy: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class WorkerVitals:
    """A worker at one moment.

    Args:
        groups: by name, as `DOCMILL_SLOTS` has them. standby: processes in reserve, loaded.
        models: loaded ones, by name: in how many processes, and the bytes of all of them.
    """

    worker: str = ""
    host: str = ""
    groups: Mapping[str, GroupVitals] = field(default_factory=dict[str, GroupVitals])
    standby: int = 0
    models: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
