"""Models that do not declare a size: measured when they are loaded, on the host here."""

import gc
import mmap
import subprocess
import sys
from weakref import ref

import pytest

from orchestrator.errors import TooLarge
from orchestrator.models import model
from orchestrator.settings import Settings
from tests.models.making import MB
from tests.support.workers import ROOT
from worker.residency import Residents


class Weights:
    """Memory that is really used, and new: what an earlier test gave back to the process' heap is not grown by."""

    def __init__(self, size: int) -> None:
        self.held = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        for at in range(0, size, mmap.PAGESIZE):
            self.held[at] = 1


@pytest.fixture(autouse=True)
def without_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")


@pytest.fixture(autouse=True)
def models() -> None:
    for name, size in (("first", 60 * MB), ("second", 61 * MB), ("whale", 150 * MB)):
        model(name)(lambda _, size=size: Weights(size))


def test_the_size_is_what_the_process_grew_by() -> None:
    residents = Residents(Settings())
    residents.get("first")
    measured = residents.report()[0].bytes
    assert 55 * MB <= measured <= 90 * MB


def test_the_last_measure_makes_room_before_the_next_load() -> None:
    residents, beside = Residents(Settings(vram_budget="110MB")), list[list[str]]()

    @model("third")
    def load(_: Settings) -> Weights:  # pyright: ignore[reportUnusedFunction]
        beside.append(residents.names())
        return Weights(60 * MB)

    for name in ("first", "third", "first", "third"):
        residents.get(name)
        assert residents.names() == [name]
    assert beside == [["first"], []], "unknown at the first load, known at the second"


def test_what_left_is_gone_from_memory() -> None:
    residents = Residents(Settings(vram_budget="110MB"))
    gone = ref(residents.get("first"))
    residents.get("second")
    gc.collect()
    assert gone() is None


def test_what_turns_out_too_large_is_not_kept() -> None:
    residents = Residents(Settings(vram_budget="110MB"))
    residents.get("first")
    with pytest.raises(TooLarge, match="'whale' needs 1"):
        residents.get("whale")
    assert residents.names() == ["first"]


def test_no_budget_is_no_limit() -> None:
    residents = Residents(Settings())
    assert residents.limit is None
    for name in ("first", "second", "whale"):
        residents.get(name)
    assert len(residents.names()) == 3


def test_a_library_does_not_count_as_its_first_model() -> None:
    program = (
        "from orchestrator.models import model; from orchestrator.settings import Settings\n"
        "from worker.residency import Residents\n"
        "@model('small', runtime='torch')\n"
        "def load(settings):\n"
        "    import torch\n"
        "    return torch.nn.Linear(4, 4)\n"
        "residents = Residents(Settings())\n"
        "residents.get('small')\n"
        "print(residents.report()[0].bytes)"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(told.stdout.split()[-1]) < 50 * MB, "torch itself takes about 200 MB"
