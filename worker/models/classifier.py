"""A classifier: a torch module that answers each input with one figure for each class."""

import re
from typing import TYPE_CHECKING, Any

from orchestrator import Fatal
from orchestrator.errors import MissingPart
from worker.residency.memory import is_out_of_memory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OF_THE_DEVICE = re.compile(r"CUDA error|cuDNN error|CU(DNN|BLAS|SOLVER)_STATUS|device-side assert|NCCL")
"""Said of a card in a bad state, which is no fault of the input."""


class Classifier:
    """A model that answers each input with one figure for each class.

    Args:
        run: takes a tensor of [inputs, …], answers one of [inputs, classes].
        classes: their names; empty where they have none.
        portion: how many inputs a pass takes, no more and no fewer; None takes any number.
        shape: of one input, where the file tells it.
    """

    def __init__(
        self, run: Any, device: Any, classes: list[str], portion: int | None = None, shape: list[int] | None = None
    ) -> None:
        torch = import_torch()
        self.device: str = str(device)
        self.classes: list[str] = classes
        self._run, self._portion, self._shape = run, portion, shape
        kinds = (one.dtype for one in run.parameters() if one.is_floating_point())
        self._kind = next(kinds, torch.float32)

    def warm_up(self) -> None:
        """One pass over zeros, where the file tells what an input looks like: the first one takes longest."""
        import numpy as np

        if self._shape is not None:
            self.probabilities(np.zeros((1, *self._shape), np.float32))

    def probabilities(self, inputs: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """The softmax of what the model answers: [inputs, classes], each row sums to 1.

        Args:
            inputs: [inputs, …], finite; one pass for all of them.

        Raises:
            Fatal: the model does not take inputs of this shape.
        """
        torch = import_torch()
        with torch.inference_mode():
            batch = torch.from_numpy(inputs).to(self.device, self._kind)
            answers = torch.cat([self._pass(one) for one in self._portions(batch)])[: len(batch)]
            return torch.softmax(answers.float(), -1).cpu().numpy()

    def _portions(self, batch: Any) -> list[Any]:
        """All at once; for a file that was exported for one size, portions of it, the last filled with its own end."""
        if self._portion is None:
            return [batch]
        lacking = -len(batch) % self._portion
        filled = batch if not lacking else import_torch().cat([batch, batch[-1:].expand(lacking, *batch.shape[1:])])
        return list(filled.split(self._portion))

    def _pass(self, batch: Any) -> Any:
        shape = list(batch.shape[1:])
        try:
            answer = self._run(batch)
        except (RuntimeError, ValueError, IndexError, AssertionError) as problem:
            if is_out_of_memory(problem) or OF_THE_DEVICE.search(str(problem)):
                raise
            raise Fatal(f"the model does not take an input of shape {shape}: {last_line(problem)}") from problem
        found = list(getattr(answer, "shape", []))
        if len(found) != 2 or found[0] != len(batch) or not found[1]:
            what = f"shape {found}" if found else type(answer).__name__
            raise Fatal(
                f"to {len(batch)} inputs of shape {shape} the model answers {what}, where [inputs, classes] is due"
            )
        if self.classes and len(self.classes) != found[1]:
            raise Fatal(f"the model knows {found[1]} classes, its .classes.json names {len(self.classes)}")
        return answer


def import_torch() -> Any:
    """Torch.

    Raises:
        MissingPart: it is not installed.
    """
    try:
        import torch
    except ImportError as problem:
        raise MissingPart(f'torch is not installed ({problem}): pip install "docmill[torch]"') from problem
    return torch


def last_line(problem: BaseException) -> str:
    """What is wrong: torch tells a trace of its own first."""
    lines = [line for line in str(problem).splitlines() if line.strip()]
    return lines[-1] if lines else type(problem).__name__
