"""Bounds, and what changed since an earlier report."""

from pathlib import Path

import msgspec
import pytest

from orchestrator.errors import UsageError
from orchestrator.evaluation.composing import compose
from orchestrator.evaluation.judging import broken_bounds, changed_documents, changes, parse_bounds, read_report
from orchestrator.evaluation.measuring import measure
from orchestrator.evaluation.report import Report
from orchestrator.evaluation.scoring import score
from orchestrator.findings import Field
from tests.evaluation.made import VENDOR, dossier, truth


def _report(*, right: bool) -> Report:
    found = dossier() if right else dossier({"vendor": VENDOR, "total": Field(None, "amount")}, category="receipt")
    rows = [score(truth({"vendor": "Corner Café", "total": "1234.50"}), found)]
    return compose(rows, folder="corpus", pipeline="document@3", model="m", parameters={})


def test_bounds_are_least_values() -> None:
    """What could not be measured keeps none."""
    found = measure([score(truth({"vendor": "Corner Café"}), dossier())])
    assert broken_bounds(found, parse_bounds("category=1, field_recall=1.0")) == []
    assert broken_bounds(found, parse_bounds("word_recall=0.5")) == [
        "word_recall must be at least 0.5, and no document here can tell"
    ]
    wrong = measure([score(truth(category="receipt"), dossier())])
    assert broken_bounds(wrong, {"category": 0.5}) == ["category must be at least 0.5, and is 0"]


@pytest.mark.parametrize("text", ["category", "category=x", "colour=0.5", "category=97"])
def test_bounds_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--fail-under"):
        parse_bounds(text)


def test_a_report_can_be_read_again(tmp_path: Path) -> None:
    report = _report(right=True)
    (tmp_path / "report.json").write_bytes(msgspec.json.encode(report))
    assert read_report(tmp_path / "report.json") == report
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(UsageError, match="no report of docmill evaluate"):
        read_report(tmp_path / "other.json")


def test_what_changed_is_told() -> None:
    """Overall, by category, and document by document."""
    before, now = _report(right=False), _report(right=True)
    told = {(change.group, change.measure): (change.before, change.now) for change in changes(before, now)}
    assert told["overall", "category"] == (0, 1)
    assert told["invoice", "field_recall"] == (0.5, 1)
    assert list(changed_documents(before, now)) == [
        "a.pdf: category receipt -> invoice (right)",
        "a.pdf: total None -> '1234.50' (right)",
    ]
    assert changes(now, now) == []
    assert list(changed_documents(now, now)) == []
