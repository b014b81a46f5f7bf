"""An evaluation's report in a terminal."""

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from orchestrator.cli.wording import coloured

if TYPE_CHECKING:
    from rich.console import Console

    from orchestrator.evaluation.report import Measures, Report

GAINS = ("category", "field_precision", "field_recall", "on_page", "word_recall", "word_precision", "finished")
MOST_LINES = 40
ENOUGH = 20
"""Documents to fit a temperature to; fewer fit anything."""


def print_report(out: "Console", report: "Report") -> None:
    """Figures first; then what needs a look."""
    out.print(_measures(report))
    if report.by_field:
        out.print(_fields(report))
    if report.confusion:
        out.print(_confusion(report))
    _print_remarks(out, report)
    if report.failures:
        out.print(_failures(report))
    if report.off_page:
        out.print("[red bold]Values that are not on their page:[/]")
        for words in report.off_page:
            out.print(f"[red]{escape(words)}[/]")


def print_changes(out: "Console", before: "Report", now: "Report") -> None:
    """What is better and worse than in an earlier report."""
    from orchestrator.evaluation.judging import changed_documents, changes

    table = Table("changed", "measure", "before", "now", title=f"since {before.made} ({before.model})")
    for change in changes(before, now):
        better = None if change.before is None or change.now is None else change.now > change.before
        better = not better if better is not None and change.measure not in GAINS else better
        colour = {True: "green", False: "red", None: "dim"}[better]
        cells = (escape(change.group), change.measure, _figure(change.before), f"[{colour}]{_figure(change.now)}[/]")
        table.add_row(*cells)
    out.print(table if table.row_count else f"no figure changed since {before.made}")
    lines = list(changed_documents(before, now))
    for words in lines[:MOST_LINES]:
        out.print(escape(words))
    if len(lines) > MOST_LINES:
        out.print(f"[dim]… and {len(lines) - MOST_LINES} more[/]")


def _measures(report: "Report") -> Table:
    heads = ("", "docs", "category", "fields: precision", "recall", "on page", "words: recall", "precision")
    table = Table(*heads, "s/page", "s/OCR page", "s/doc", title=f"{report.folder}: {report.pipeline}, {report.model}")
    table.add_row("[bold]all[/]", *_cells(report.overall), end_section=True)
    for name, measures in report.by_category.items():
        table.add_row(escape(name), *_cells(measures))
    table.add_section()
    for name, measures in report.by_language.items():
        table.add_row(escape(name), *_cells(measures))
    return table


def _cells(found: "Measures") -> list[str]:
    seconds = (found.seconds_a_page, found.seconds_an_ocr_page, found.seconds_a_document)
    return [
        str(found.documents),
        _of(found.category, found.categories),
        _of(found.field_precision, None),
        _of(found.field_recall, found.fields),
        _of(found.on_page, found.values),
        _of(found.word_recall, found.transcripts, digits=1),
        _of(found.word_precision, None, digits=1),
        *("" if value is None else f"{value:.2f}" for value in seconds),
    ]


def _of(share: float | None, count: int | None, digits: int = 0) -> str:
    """A share, and of how many."""
    if share is None:
        return ""
    return f"{share:.{digits}%}" + (f" [dim]of {count}[/]" if count is not None else "")


def _fields(report: "Report") -> Table:
    table = Table("field", "true", "found", "right", "precision", "recall")
    for name, found in report.by_field.items():
        shares = (_of(found.precision, None), _of(found.recall, None))
        table.add_row(escape(name), str(found.true), str(found.found), str(found.right), *shares)
    return table


def _confusion(report: "Report") -> Table:
    table = Table("true category", "chosen")
    for true, chosen in report.confusion.items():
        words = [f"[green]{escape(c)} {n}[/]" if c == true else f"[red]{escape(c)} {n}[/]" for c, n in chosen.items()]
        table.add_row(escape(true), ", ".join(words))
    return table


def _print_remarks(out: "Console", report: "Report") -> None:
    found = report.overall
    if left := found.documents - found.categories:
        out.print(
            f"{left} of {found.documents} documents are of a category that was not asked for: not in its accuracy"
        )
    if report.calibration:
        told, few = report.calibration, report.calibration.documents < ENOUGH
        best = "" if few else f"; a temperature of {told.temperature:g} would fit best"
        out.print(f"confidence is off by {told.expected_error:.1%} on average over {told.documents} documents{best}")
    if found.reviewed is not None:
        out.print(f"{found.reviewed:.0%} of the finished documents should be looked at by a person")


def _failures(report: "Report") -> Table:
    table = Table("not a whole result", "status", "why")
    for failure in report.failures:
        table.add_row(escape(failure.file), coloured(failure.status), escape("\n".join(failure.why)))
    return table


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
