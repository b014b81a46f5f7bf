"""From documents that ended to the report of them all."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from orchestrator.dossier import read_dossier
from orchestrator.errors import NotFound
from orchestrator.evaluation import measuring
from orchestrator.evaluation.report import Report, Row
from orchestrator.evaluation.scoring import not_run, score, with_lost_fields
from orchestrator.evaluation.truth import Truth

if TYPE_CHECKING:
    from orchestrator.reading import Reading


class Ended:
    """A true document and what became of it.

    Args:
        document: its id; None where the file could not be submitted.
        error: why, then.
    """

    def __init__(self, truth: Truth, document: str | None, error: str | None = None) -> None:
        self.truth, self.document, self.error = truth, document, error


async def score_all(mill: "Reading", ended: Sequence[Ended], categories: Sequence[str]) -> list[Row]:
    """A row for each, read one after the other: pages of one document at a time are in memory.

    Args:
        categories: those that were asked for.
    """
    rows = [await _row(mill, one, categories) for one in ended]
    return with_lost_fields(rows, [one.truth for one in ended])


async def _row(mill: "Reading", ended: Ended, categories: Sequence[str]) -> Row:
    if ended.document is None:
        return not_run(ended.truth, ended.error, categories)
    try:
        return score(ended.truth, await read_dossier(mill, ended.document))
    except NotFound as problem:
        return not_run(ended.truth, str(problem), categories)


def compose(rows: Sequence[Row], *, folder: str, pipeline: str, model: str, parameters: dict[str, object]) -> Report:
    """The report."""
    return Report(
        folder=folder,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        docmill=version("docmill"),
        pipeline=pipeline,
        model=model,
        parameters=parameters,
        overall=measuring.measure(rows),
        by_category=measuring.grouped(rows, lambda row: row.true_category),
        by_language=measuring.grouped(rows, lambda row: row.lang),
        by_field=measuring.by_field(rows),
        confusion=measuring.confusion(rows),
        calibration=measuring.calibration(rows),
        off_page=measuring.off_page(rows),
        failures=measuring.failures(rows),
        documents=list(rows),
    )
