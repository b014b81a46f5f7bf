"""A document's dossier in a terminal."""

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from orchestrator.cli.wording import between, coloured

if TYPE_CHECKING:
    from rich.console import Console

    from orchestrator.dossier import Dossier
    from orchestrator.findings import Field, Fields


def print_dossier(out: "Console", dossier: "Dossier") -> None:
    """What there is of it, the most important first."""
    document = dossier.document
    took = between(document.submitted_at, document.finished_at)
    ended = f" after {took}" if took else ""
    out.print(f"[bold]{escape(dossier.name)}[/] {coloured(document.status)}{ended} [dim]{document.id}[/]")
    out.print(" · ".join(_facts(dossier)))
    if document.error:
        out.print(f"[red]{escape(document.error)}[/]")
    for reason in dossier.review:
        out.print(f"[yellow]to be looked at:[/] {escape(reason)}")
    for failed in dossier.failed_pages:
        out.print(f"[red]page {failed.page} could not be read:[/] {escape(failed.error)}")
    if dossier.fields and (dossier.fields.fields or dossier.fields.missing):
        out.print(_table(dossier.fields))
    _print_checks(out, dossier)
    _print_summary(out, dossier)


def _facts(dossier: "Dossier") -> list[str]:
    kind, text = dossier.category, dossier.text
    facts = [f"[bold]{escape(kind.category)}[/] ({kind.confidence:.0%})"] if kind else []
    if dossier.page_count:
        facts.append(f"{dossier.page_count} {'page' if dossier.page_count == 1 else 'pages'}")
    if text and text.ocr_pages:
        facts.append(f"{text.ocr_pages} by OCR")
    if dossier.language:
        facts.append(escape(dossier.language))
    return facts or ["nothing was found in it" if dossier.document.is_final else "nothing is known of it yet"]


def _table(fields: "Fields") -> Table:
    table = Table("field", "value", "confidence", "page", "printed as")
    for name, field in fields.fields.items():
        table.add_row(escape(name), *_cells(field, name in fields.missing))
    for name in fields.missing:
        if name not in fields.fields:
            table.add_row(escape(name), "[red]missing[/]")
    return table


def _cells(field: "Field", required: bool) -> list[str]:
    if field.value is None:
        return ["[red]missing[/]" if required else "[dim]–[/]"]
    seen = field.evidence
    page, printed = (str(seen.page), seen.text) if seen else ("", "")
    colour = "green" if field.confidence >= 0.8 else "yellow" if field.confidence >= 0.5 else "red"
    sure = f"[{colour}]{field.confidence:.0%}[/]"
    return [f"[bold]{escape(field.value)}[/]", sure, page, "" if printed == field.value else escape(printed)]


def _print_checks(out: "Console", dossier: "Dossier") -> None:
    for check in dossier.fields.checks if dossier.fields else []:
        sign = "[green]holds[/]" if check.holds else "[red]does not hold[/]"
        out.print(f"{escape(check.name)}: {sign} ({escape(check.says)})")


def _print_summary(out: "Console", dossier: "Dossier") -> None:
    if dossier.summary is None:
        return
    out.print(escape(dossier.summary.summary))
    for sentence in dossier.summary.dropped:
        out.print(f"[dim]left out, not in the text: {escape(sentence)}[/]")
