"""A model of one's own: saved once as TorchScript, kept loaded by the worker, used by a pipeline beside own steps.

python examples/predict.py flowers.pt
export DOCMILL_PIPELINES=examples.predict:flowers  # also where it is submitted
DOCMILL_PREDICT_MODEL=flowers.pt docmill worker --slots "gpu*1 cpu*1"
docmill submit --pipeline flowers --param table='"5.0,3.4,1.5,0.2\\n6.6,3.0,5.6,2.0"' --wait
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from orchestrator import Fatal, pipeline, step
from worker.steps.predict import Predictions, predict_batch

CENTRES = {
    "setosa": [5.006, 3.428, 1.462, 0.246],
    "versicolor": [5.936, 2.770, 4.260, 1.326],
    "virginica": [6.588, 2.974, 5.552, 2.026],
}
"""Means of Fisher's irises, cm: length and width of sepals, then of petals."""


def save_model(path: Path) -> None:
    """Write the model, and the names of its classes beside it: the nearest centre, as one layer."""
    import torch

    centres = torch.tensor(list(CENTRES.values()))
    layer = torch.nn.Linear(4, len(CENTRES))
    with torch.no_grad():
        layer.weight.copy_(2 * centres)
        layer.bias.copy_(-centres.square().sum(1))
    made: Any = torch.jit.script(layer)  # pyright: ignore[reportUnknownMemberType]
    made.save(str(path))
    path.with_name(f"{path.name}.classes.json").write_text(json.dumps(list(CENTRES)))


@step
def rows(table: str) -> list[list[float]]:
    """Numbers of a table, four a line."""
    try:
        return [[float(cell) for cell in line.split(",")] for line in table.splitlines()]
    except ValueError as problem:
        raise Fatal(f"the table has something else than numbers: {problem}") from None


@step
def tally(predictions: Predictions) -> dict[str, int]:
    """How many of each kind."""
    return dict(Counter(str(one.label) for one in predictions.results))


@pipeline()
def flowers(table: str) -> dict[str, int]:
    """Own steps in lane cpu around docmill's `predict_batch` in lane gpu; `default` is the model of the settings."""
    return tally(predict_batch(rows(table), "default"))


if __name__ == "__main__":
    save_model(Path(sys.argv[1]))
