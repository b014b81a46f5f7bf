"""What is to go wrong: kept as files, so that a real slot process finds its share too, and no fault strikes twice."""

import pickle
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from orchestrator.errors import UsageError

ALWAYS = "always"
"""The file of a fault that strikes again and again."""
POINTS = ("start", "end", "progress", "checkpoint", "flag", "model", "failures")
"""Where in a step a fault may strike: before its code, after it, or as a call of `ctx` returns."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong in one run of a step.

    Args:
        kind: `raise`; `kill` (the slot dies); `lose` (the lease runs out while the step goes on).
        point: where, of `POINTS`.
        error: what is raised.
    """

    kind: str
    point: str = "start"
    error: BaseException | None = None


class Faults:
    """The faults of one mill, by step.

    Args:
        folder: where they lie; the processes of one test share it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count()
        self._own: dict[Path, Fault] = {}

    def add(self, step: str, fault: Fault, times: int | None = 1) -> None:
        """Let it strike in the next runs of a step.

        Args:
            times: in how many; None is in all.

        Raises:
            UsageError: no such point.
        """
        if fault.point not in POINTS:
            raise UsageError(f"there is no point {fault.point!r} in a step: use one of {', '.join(POINTS)}")
        (self.folder / step).mkdir(parents=True, exist_ok=True)
        names = [ALWAYS] if times is None else [f"{next(self._numbers):06}" for _ in range(times)]
        for name in names:
            path = self.folder / step / name
            self._own[path] = fault
            path.write_bytes(_packed(fault))

    def take(self, step: str) -> Fault | None:
        """The fault of the run of that step that begins now; whoever takes one, nobody else does."""
        here = self.folder / step
        if not here.is_dir():
            return None
        for path in sorted(here.iterdir()):
            with suppress(FileNotFoundError):
                packed = path.read_bytes()
                if path.name != ALWAYS:
                    path.unlink()
                return self._own.get(path) or _unpacked(packed, step)
        return None

    def left(self) -> list[str]:
        """The steps that have faults that struck nobody."""
        return sorted({path.parent.name for path in self.folder.glob("*/*") if path.name != ALWAYS})


def _packed(fault: Fault) -> bytes:
    """An error in its parts: an exception whose `__init__` takes something else than its `args` cannot be pickled whole."""
    error = fault.error
    parts = None if error is None else (type(error), _args(error), vars(error))
    try:
        return pickle.dumps((fault.kind, fault.point, parts))
    except (pickle.PicklingError, AttributeError, TypeError):
        return b""  # this process has the error itself; another one says that it cannot have it


def _unpacked(packed: bytes, step: str) -> Fault:
    if not packed:
        raise UsageError(
            f"the error that {step!r} is to raise cannot go to a worker's process: define its class at the top of a module"
        )
    kind, point, parts = pickle.loads(packed)
    return Fault(kind, point, None if parts is None else _error(*parts))


def _args(error: BaseException) -> tuple[Any, ...]:
    """What makes it again; an `OSError` takes its file's name out of its `args`."""
    if isinstance(error, OSError) and error.filename is not None:
        return (error.errno, error.strerror, error.filename)
    return error.args


def _error(kind: type[BaseException], args: tuple[Any, ...], state: dict[str, Any]) -> BaseException:
    error = kind.__new__(kind, *args)
    vars(error).update(state)
    return error
