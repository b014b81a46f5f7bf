"""`predict` and `predict_batch`: one input, or a list of inputs, through a model that stays loaded."""

from typing import Any

from orchestrator import pipeline
from worker.steps.predict import Prediction, Predictions
from worker.steps.predict import predict as predict_one
from worker.steps.predict import predict_batch as predict_many


@pipeline()
def predict(input: list[Any], model: str = "default") -> Prediction:
    """The class of one input, nested lists of numbers in the shape that the model takes."""
    return predict_one(input, model)


@pipeline()
def predict_batch(inputs: list[Any], model: str = "default") -> Predictions:
    """The classes of a list of inputs, in its order; at the soft limit, of those that were done."""
    return predict_many(inputs, model)
