"""`predict` and `predict_batch`: lists of numbers through a classifier that stays loaded."""

from typing import TYPE_CHECKING, Any

import msgspec

from orchestrator import Context, Fatal, step
from orchestrator.errors import SoftLimit, UsageError
from orchestrator.models import catalogue, model_of
from worker.models.classifier import Classifier
from worker.models.numbers import as_array
from worker.models.torchscript import MODEL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT = "default"
"""The name of the model that the settings name."""


class Prediction(msgspec.Struct, frozen=True):
    """The most probable class of an input.

    Args:
        label: its name, else its number; `class` in JSON.
        confidence: 0 to 1.
        device: where it was worked out, in torch's words.
    """

    label: int | str = msgspec.field(name="class")
    confidence: float
    device: str


class Predictions(msgspec.Struct, frozen=True):
    """Predictions in the order of the inputs.

    Args:
        done: how many of the inputs have one: the first ones.
        total: how many inputs there were.
        stopped: why some are missing; None where all are there.
    """

    results: list[Prediction]
    done: int
    total: int
    stopped: str | None = None


@step(lane="gpu", model=MODEL)
def predict(input: list[Any], model: str, ctx: Context) -> Prediction:
    """Classify one input.

    Args:
        input: numbers, as nested lists in the shape that the model takes, without a dimension for a batch.
        model: `default` is that of the settings; else a name of the catalogue.

    Raises:
        Fatal: the input or the name is wrong.
        UsageError: the settings name no model.
    """
    return classify_many(_classifier(ctx, model), [input])[0]


@step(lane="gpu", model=MODEL, soft_limit=270, hard_limit=300)
def predict_batch(inputs: list[Any], model: str, ctx: Context) -> Predictions:
    """Classify many inputs, a chunk in one pass; at the soft limit, what is done is returned.

    Raises:
        Fatal: an input or the name is wrong; then none is classified.
        SoftLimit: not even one chunk was done in time.
    """
    given, classifier = as_array(inputs), _classifier(ctx, model)
    chunk, results, stopped = ctx.settings.predict_chunk, list[Prediction](), None
    try:
        for first in range(0, len(given), chunk):
            results.extend(_classify(classifier, given[first : first + chunk]))
            ctx.progress(len(results), len(given))
    except SoftLimit:
        if not results:
            raise
        stopped = f"the time was up: {len(given) - len(results)} of {len(given)} inputs are missing"
    return Predictions(results, len(results), len(given), stopped if len(results) < len(given) else None)


def classify_many(classifier: Classifier, inputs: list[Any]) -> list[Prediction]:
    """One prediction an input, all in one pass.

    Args:
        inputs: each as nested lists of numbers, all of one shape.

    Raises:
        Fatal: an input is wrong; the text says which.
    """
    return _classify(classifier, as_array(inputs))


def _classify(classifier: Classifier, inputs: "NDArray[np.float32]") -> list[Prediction]:
    import numpy as np

    shares = classifier.probabilities(inputs)
    if not np.isfinite(shares).all():
        raise Fatal("the model answers with NaN: it does not suit these inputs, or its file is damaged")
    return [_best(classifier, row.tolist()) for row in shares]


def _best(classifier: Classifier, shares: list[float]) -> Prediction:
    confidence = max(shares)
    index = shares.index(confidence)
    return Prediction(classifier.classes[index] if classifier.classes else index, confidence, classifier.device)


def _classifier(ctx: Context, name: str) -> Classifier:
    """The model of that name, which must be one that classifies; no other is loaded for it."""
    wanted = MODEL if name == DEFAULT else name
    try:
        fits = model_of(wanted).runtime == "torch"
    except UsageError:
        fits = False
    found = ctx.model(wanted) if fits else None
    if not isinstance(found, Classifier):
        names = [DEFAULT, *(info.name for info in catalogue() if info.runtime == "torch" and info.name != MODEL)]
        raise Fatal(f"there is no model {name!r} that predicts: use one of {', '.join(names)}")
    return found
