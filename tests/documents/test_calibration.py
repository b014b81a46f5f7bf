"""Calibration: a temperature that makes confidences come true."""

import random

import pytest

from orchestrator.evaluation.calibration import Pair, expected_calibration_error, fit, tempered
from worker.models.choice import voted


def judged(confidence: float, right: int, wrong: int) -> list[Pair]:
    """Choices of one confidence."""
    scores = {"a": confidence, "b": 1 - confidence}
    return [(scores, "a")] * right + [(scores, "b")] * wrong


def test_a_boaster_is_made_modest() -> None:
    """0.9 that is right six times out of ten becomes 0.6."""
    pairs = judged(0.9, 60, 40)
    temperature = fit(pairs)
    assert temperature > 1
    assert max(tempered(pairs[0][0], temperature).values()) == pytest.approx(0.6, abs=0.01)


def test_one_who_is_too_modest_is_made_surer() -> None:
    """0.6 that is right nine times out of ten becomes 0.9."""
    pairs = judged(0.6, 90, 10)
    assert max(tempered(pairs[0][0], fit(pairs)).values()) == pytest.approx(0.9, abs=0.01)


def test_confidences_that_are_right_are_left() -> None:
    """Drawn at random by what they promise."""
    chance = random.Random(4)
    pairs: list[Pair] = []
    for _ in range(3000):
        confidence = chance.uniform(0.5, 1)
        pairs.append(({"a": confidence, "b": 1 - confidence}, "a" if chance.random() < confidence else "b"))
    assert fit(pairs) == pytest.approx(1, abs=0.1)
    assert expected_calibration_error(pairs) < 0.05


def test_the_error_falls_with_the_fit() -> None:
    """It is 0.3 where 0.9 is right six times out of ten."""
    pairs = judged(0.9, 60, 40)
    assert expected_calibration_error(pairs, bins=1) == pytest.approx(0.3)
    better = [(tempered(scores, fit(pairs)), truth) for scores, truth in pairs]
    assert expected_calibration_error(better, bins=1) < 0.02


def test_a_truth_that_is_no_category_makes_the_choice_wrong() -> None:
    """No confidence is right about it."""
    outside: list[Pair] = [({"a": 0.8, "b": 0.2}, "poem")]
    assert expected_calibration_error(outside) == pytest.approx(0.8)
    assert fit(outside * 9) > 10


def test_nothing_to_go_by() -> None:
    """Leaves things as they are."""
    assert fit([]) == 1
    assert expected_calibration_error([]) == 0


def test_votes_that_agree_are_surer_than_those_that_do_not() -> None:
    """And never certain."""
    labels = ["a", "b", "c"]
    agreed, split = voted(["a"] * 3, labels), voted(["a", "a", "b"], labels)
    assert 1 > agreed["a"] > split["a"] > split["b"] > split["c"] > 0
    first = voted(["b", "a", "a"], labels)
    assert max(first, key=lambda label: first[label]) == "b", "the first answer is the choice"
