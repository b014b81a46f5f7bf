"""What all parts share: the server, the model's file, workers."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults.docmill_side import DocmillSide
from benchmarks.faults.journal import Journal
from benchmarks.models.pipelines import PIPELINES
from benchmarks.models.strip import VARIABLE, Strip
from benchmarks.processes import Worker
from benchmarks.server import Server
from orchestrator.client import Mill

WIDTH, HIDDEN, CLASSES = 64, 256, 10


@dataclass(frozen=True)
class Setting:
    """One run of the script.

    Args:
        model: the file of a TorchScript network: 64 numbers in, 256 hidden, 10 classes out.
    """

    server: Server
    folder: Path
    strip: Strip
    journal: Journal
    model: Path

    def side(self, pipelines: tuple[str, ...] = PIPELINES) -> DocmillSide:
        """docmill with nothing in it, whose workers have one gpu slot and know the model."""
        self.server.flush()
        self.journal.clear()
        self.strip.clear()
        more = {VARIABLE: str(self.strip.path), "DOCMILL_PREDICT_MODEL": str(self.model)}
        return DocmillSide(self.server, self.journal, self.folder, pipelines, more)

    def until(self, worker: Worker, documents: int) -> None:
        """Wait until so many have been run."""
        worker.wait(lambda: self.strip.documents >= documents)


def make_setting(server: Server, folder: Path) -> Setting:
    """Make the model's file; torch is needed for it, and for most of what is measured.

    Raises:
        MissingPart: torch is not installed.
    """
    path = folder / "network.pt"
    _make_network(path)
    return Setting(server, folder, Strip(folder / "strip"), Journal(folder / "journal"), path)


def _make_network(path: Path) -> None:
    from worker.models.classifier import import_torch

    torch = import_torch()
    torch.manual_seed(7)
    layers = torch.nn.Linear(WIDTH, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, CLASSES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # TorchScript is what people have
        torch.jit.trace(torch.nn.Sequential(*layers), torch.zeros(2, WIDTH)).save(str(path))


async def submit_all(mill: Mill, count: int, make: Callable[[int], tuple[str, dict[str, Any]]]) -> list[str]:
    """Submit documents one by one: (pipeline, parameters) for each number."""
    return [await mill.submit(*make(number)) for number in range(count)]


def numbers(seed: int) -> list[float]:
    """An input of the network; not two are the same."""
    return [((seed * 31 + place * 17) % 1000) / 500 - 1 for place in range(WIDTH)]


def device_name() -> str:
    """The card that torch uses, by name; or the CPU."""
    from worker.models.classifier import import_torch

    torch = import_torch()
    return str(torch.cuda.get_device_name(0)) if torch.cuda.is_available() else "cpu"
