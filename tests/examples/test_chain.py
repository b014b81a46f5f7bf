"""The chain, in the test's own process."""

import pytest

from examples.chain import letter
from orchestrator.errors import DocumentFailed
from worker.testing import TestMill


def test_each_step_gets_what_the_one_before_made(mill: TestMill) -> None:
    assert mill.run(letter, text="Dear  Ada.\nThe engine runs! ") == "5 words in 2 sentences"


def test_a_fatal_error_ends_it_at_once(mill: TestMill) -> None:
    document = mill.submit(letter, text=" ")
    assert mill.run_until_idle(through_delays=True) == [f"{document}/tidy"]
    with pytest.raises(DocumentFailed, match="tidy: the letter is empty"):
        mill.result(document)
