"""Out of memory: real errors where a CPU can have them, the words of the libraries where it cannot."""

import re
import subprocess
import sys

import pytest
import torch

from orchestrator.errors import TooLarge
from orchestrator.settings import Settings
from tests.models.making import MB, enter
from tests.support.workers import ROOT
from worker.residency import Residents
from worker.residency.memory import empty_caches, figures, is_out_of_memory

CUDA = (
    "CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has a total capacity of 79.10 GiB of which 1.12 GiB is free."
)
PADDLE = (
    "ResourceExhaustedError: \n\nOut of memory error on GPU 0. Cannot allocate 1.500000GB memory on GPU 0, 78.9GB "
    "memory has been allocated and available memory is only 200.0MB."
)
ONNX = (
    "[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Non-zero status code returned while running Conv node. "
    "bfc_arena.cc:376 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool) Failed to allocate memory for "
    "requested buffer of size 2147483648"
)


class PaddleError(Exception):
    """As paddle's own, whose text alone tells."""


def test_torch_on_a_host_that_is_full() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.empty(2**60)
    assert is_out_of_memory(raised.value)
    assert figures(Residents(Settings()), raised.value).endswith(f"; asked for {4 * 2**60 / 1e18:.1f} EB")


def test_python_on_a_host_that_is_full() -> None:
    with pytest.raises(MemoryError) as raised:
        bytearray(2**62)
    assert is_out_of_memory(raised.value)


@pytest.mark.parametrize(
    "problem",
    [
        torch.OutOfMemoryError(CUDA),
        RuntimeError(CUDA),
        RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
        PaddleError(PADDLE),
        RuntimeError(ONNX),
        RuntimeError("bad allocation"),
        OSError(12, "Cannot allocate memory"),
    ],
    ids=lambda problem: str(problem)[:30],
)
def test_how_libraries_say_it(problem: Exception) -> None:
    assert is_out_of_memory(problem)


@pytest.mark.parametrize(
    "problem",
    [
        RuntimeError("mat1 and mat2 shapes cannot be multiplied (1x5 and 4x8)"),
        RuntimeError("CUDA error: device-side assert triggered"),
        TooLarge("model 'a' needs 301.0 MB of a budget of 300.0 MB"),
        KeyError("memory"),
        OSError(28, "No space left on device"),
    ],
    ids=lambda problem: str(problem)[:30],
)
def test_what_it_is_not(problem: Exception) -> None:
    assert not is_out_of_memory(problem)


def test_what_led_to_the_error_counts() -> None:
    def fail(cause: Exception, named: bool) -> None:
        try:
            raise cause
        except Exception as problem:
            raise ValueError("inference failed") from (problem if named else None)

    for named in (True, False):
        with pytest.raises(ValueError, match="failed") as raised:
            fail(torch.OutOfMemoryError(CUDA), named)
        assert is_out_of_memory(raised.value)
        with pytest.raises(ValueError, match="failed") as raised:
            fail(KeyError("a"), named)
        assert not is_out_of_memory(raised.value)


def test_errors_that_lead_to_each_other_end() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert not is_out_of_memory(one)


@pytest.mark.parametrize(("text", "asked"), [(CUDA, "2.7 GB"), (PADDLE, "1.6 GB"), (ONNX, "2.1 GB"), ("what", None)])
def test_the_figures(text: str, asked: str | None) -> None:
    residents = Residents(Settings())
    enter("figured", 900 * MB, [])
    residents.get("figured")
    told = figures(residents, RuntimeError(text))
    size = r"\d+(\.\d)? [KMGT]?B"
    ending = f"; asked for {asked}" if asked else ""
    assert re.fullmatch(rf"free {size} of {size}, resident: figured 900\.0 MB{ending}", told), told


def test_nothing_is_imported_to_empty_a_cache() -> None:
    program = (
        "import sys; from worker.residency.memory import empty_caches, is_out_of_memory\n"
        "empty_caches(); is_out_of_memory(RuntimeError('x')); import worker.pipelines.predict\n"
        "print(sorted({'torch', 'paddle', 'numpy', 'onnxruntime'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_caches_are_emptied_with_torch_there() -> None:
    empty_caches()
    assert torch.ones(1).item() == 1.0
