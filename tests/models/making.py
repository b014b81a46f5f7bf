"""Model files, a context, and models that say what happened to them."""

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import torch

from orchestrator.blobs import Blobs
from orchestrator.models import model
from orchestrator.settings import Settings
from worker.residency import Residents

WIDTH, CLASSES = 4, ["cat", "dog", "fish"]
MB = 1_000_000


class Network(torch.nn.Module):
    """Four numbers in, three figures out; always the same weights."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(7)  # pyright: ignore[reportUnknownMemberType]
        self.hidden = torch.nn.Linear(WIDTH, 8)
        self.out = torch.nn.Linear(8, len(CLASSES))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """[inputs, 4] to [inputs, 3]."""
        return self.out(torch.relu(self.hidden(inputs)))


def scripted(path: Path, network: torch.nn.Module | None = None) -> Path:
    """A TorchScript file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        made: Any = torch.jit.script(network or Network())  # pyright: ignore[reportUnknownMemberType]
    made.save(str(path))
    return path


def exported(path: Path, batch: int | None) -> Path:
    """A torch.export file; for one size of a batch, or for any."""
    sizes = ({0: torch.export.Dim("batch")},) if batch is None else None
    program = torch.export.export(Network().eval(), (torch.zeros(batch or 2, WIDTH),), dynamic_shapes=sizes)
    torch.export.save(program, path)
    return path


def name_classes(path: Path, names: object) -> None:
    """The file beside the model's."""
    path.with_name(f"{path.name}.classes.json").write_bytes(msgspec.json.encode(names))


def inputs(count: int) -> list[list[float]]:
    """Inputs of which not two are the same."""
    return [[index / 10, 1.0 - index / 7, (index % 5) - 2.0, 0.5] for index in range(count)]


@dataclass
class TestContext:
    """What a step asks, without a worker around it; its models are resident as in one."""

    __test__ = False

    settings: Settings
    id: str = "doc1"
    job: str = "doc1/predict"
    attempt: int = 1
    fence: int = 7
    deadline: float | None = None
    cancelled: bool = False
    reported: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    stop_at: int | None = None
    """How much is done when the soft limit comes."""

    def __post_init__(self) -> None:
        self.residents = Residents(self.settings)

    @property
    def blobs(self) -> Blobs:
        """A folder."""
        return Blobs(self.settings.blobs)

    def model(self, name: str) -> Any:
        """A resident one."""
        return self.residents.get(name)

    def progress(self, done: int, total: int) -> None:
        """Remembered; the limit may come here as anywhere else in a step."""
        from orchestrator.errors import SoftLimit

        if self.stop_at is not None and done >= self.stop_at:
            raise SoftLimit("the step ran longer than its soft limit of 270 s")
        self.reported.append((done, total))


class Thing:
    """A model that knows what was done to it."""

    def __init__(self, name: str, said: list[str]) -> None:
        self.name, self.said = name, said
        said.append(f"load {name}")

    def warm_up(self) -> None:
        """The first pass."""
        self.said.append(f"warm {self.name}")

    def close(self) -> None:
        """The end."""
        self.said.append(f"close {self.name}")


def enter(name: str, size: int | None, said: list[str], **options: Any) -> None:
    """Put a `Thing` into the catalogue."""

    @model(name, bytes=size, **options)
    def load(_: Settings) -> Thing:  # pyright: ignore[reportUnusedFunction]
        return Thing(name, said)
