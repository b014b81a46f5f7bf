"""A classifier from a file: TorchScript (`.pt`) or torch.export (`.pt2`), on the card where there is one."""

import warnings
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import msgspec

from orchestrator import model
from orchestrator.errors import UsageError
from orchestrator.settings import Settings
from worker.models.classifier import Classifier, import_torch, last_line
from worker.models.revisions import weights
from worker.residency.memory import is_out_of_memory

MODEL = "predict"
"""Its name in the catalogue."""
WANTED = "a TorchScript file (.pt, of torch.jit.save) or a torch.export file (.pt2, of torch.export.save)"


@model(MODEL, runtime="torch", revision=lambda settings: weights(settings.predict_model))
def load(settings: Settings) -> Classifier:
    """Load the file that the settings name.

    Raises:
        UsageError: none is named, or it cannot be used.
        MissingPart: torch is not installed.
    """
    if settings.predict_model is None:
        raise UsageError(f"predict has no model: set DOCMILL_PREDICT_MODEL to {WANTED}")
    return load_classifier(settings.predict_model)


def load_classifier(path: Path) -> Classifier:
    """A classifier of a file; for a catalogue entry of your own.

    Raises:
        UsageError: there is no such file, or it is neither of the two kinds, or its names of classes cannot be read.
        MissingPart: torch is not installed.
    """
    torch = import_torch()
    if not path.is_file():
        raise UsageError(f"there is no model file {path}: DOCMILL_PREDICT_MODEL is to name {WANTED}")
    classes, device = _classes(path), torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
    read = _exported if path.suffix == ".pt2" else _scripted
    try:
        return read(torch, path, device, classes)
    except (RuntimeError, ValueError, KeyError, OSError, BadZipFile) as problem:
        if is_out_of_memory(problem):
            raise
        raise UsageError(f"{path.name} cannot be loaded; it must be {WANTED}: {last_line(problem)}") from problem


def _scripted(torch: Any, path: Path, device: Any, classes: list[str]) -> Classifier:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # TorchScript is what people have
        module = torch.jit.load(str(path), map_location=device)
    return Classifier(module.eval(), device, classes)


def _exported(torch: Any, path: Path, device: Any, classes: list[str]) -> Classifier:
    program = torch.export.load(path)
    taken = [node for node in program.graph.nodes if node.name in program.graph_signature.user_inputs]
    if len(taken) != 1:
        raise UsageError(f"{path.name} takes {len(taken)} inputs: export a model that takes one tensor")
    first, *others = taken[0].meta["val"].shape
    if device.type != "cpu":
        from torch.export.passes import move_to_device_pass

        program = move_to_device_pass(program, device)
    # A dimension that is no int may have any size.
    shape = others if all(isinstance(one, int) for one in others) else None
    return Classifier(program.module(), device, classes, first if isinstance(first, int) else None, shape)


def _classes(path: Path) -> list[str]:
    names = path.with_name(f"{path.name}.classes.json")
    try:
        return msgspec.json.decode(names.read_bytes(), type=list[str]) if names.is_file() else []
    except msgspec.DecodeError as problem:
        raise UsageError(f"{names.name} must be a JSON list of names, in the model's order: {problem}") from None
