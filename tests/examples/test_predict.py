"""A model of one's own between own steps."""

import warnings
from pathlib import Path
from typing import Any

import pytest

from examples.predict import CENTRES, flowers, save_model
from orchestrator.errors import DocumentFailed
from worker.testing import TestMill

TABLE = "5.0,3.4,1.5,0.2\n5.1,3.3,1.4,0.3\n6.6,3.0,5.6,2.0"


@pytest.fixture
def mill_settings(tmp_path: Path) -> dict[str, Any]:
    """The model, made as the example makes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        save_model(tmp_path / "flowers.pt")
    return {"predict_model": tmp_path / "flowers.pt"}


def test_flowers_are_counted_by_the_kind_that_the_model_sees(mill: TestMill) -> None:
    assert mill.run(flowers, table=TABLE) == {"setosa": 2, "virginica": 1}


def test_each_centre_is_of_its_own_kind(mill: TestMill) -> None:
    for kind, centre in CENTRES.items():
        assert mill.run(flowers, table=",".join(map(str, centre))) == {kind: 1}


def test_a_table_that_is_none_is_refused(mill: TestMill) -> None:
    with pytest.raises(DocumentFailed, match="something else than numbers: could not convert string to float: 'x'"):
        mill.run(flowers, table="1,2,3,x")


def test_a_worker_predicts_the_same(mill: TestMill) -> None:
    with mill.worker(flowers):
        document = mill.submit(flowers, table=TABLE)
        assert mill.wait(document).status == "succeeded"
    assert mill.result(document) == {"setosa": 2, "virginica": 1}
