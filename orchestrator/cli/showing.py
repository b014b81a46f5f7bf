"""`docmill show`: what was found in a document, in the terminal or as one HTML page."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestrator.cli.options import DocumentId, Json

if TYPE_CHECKING:
    from orchestrator.dossier import Dossier
    from orchestrator.showing.writing import Written


def show(
    document: DocumentId,
    html: Annotated[bool, typer.Option("--html", help="Write one HTML page with pictures, boxes and text.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The HTML file; else <ID>.html.", metavar="FILE")
    ] = None,
    pages: Annotated[
        str, typer.Option("--pages", help="Only these pages, such as 1-5,9.", metavar="PAGES", show_default=False)
    ] = "",
    open_it: Annotated[bool, typer.Option("--open", help="Open the HTML page in the browser.")] = False,
    json: Json = False,
) -> None:
    """Show what was found in a document and where it stands: category, fields, checks, summary.

    Also while it runs, and where it failed: then what there is.
    """
    from orchestrator.cli.output import results, show_json
    from orchestrator.showing.choosing import chosen_pages

    as_html = html or open_it or output is not None
    dossier, written = asyncio.run(_show(document, output or Path(f"{document}.html"), pages, as_html))
    if json:
        show_json(_as_json(dossier, written, chosen_pages(pages, dossier.page_count)))
    elif written:
        results().print(f"{written.file} ({written.pages} pages)" + (f", {written.folder}" if written.folder else ""))
    else:
        from orchestrator.cli.dossier_words import print_dossier

        print_dossier(results(), dossier)
    if open_it:
        import webbrowser

        assert written is not None
        webbrowser.open(written.file.resolve().as_uri())


async def _show(document: str, target: Path, pages: str, as_html: bool) -> "tuple[Dossier, Written | None]":
    from orchestrator.cli.connecting import reading
    from orchestrator.dossier import local_source, read_dossier

    async with reading() as mill:
        dossier = await read_dossier(mill, document)
        if not as_html:
            return dossier, None
        from orchestrator.showing.choosing import chosen_pages
        from orchestrator.showing.writing import write_page

        source = await local_source(mill, dossier.source) if dossier.source else None
        return dossier, write_page(dossier, source, target, chosen_pages(pages, dossier.page_count))


def _as_json(dossier: "Dossier", written: "Written | None", numbers: list[int]) -> dict[str, Any]:
    import msgspec

    told = {
        "id": dossier.document.id,
        "name": dossier.name,
        "status": dossier.document.status,
        "error": dossier.document.error,
        "parameters": dossier.parameters,
        "category": dossier.category,
        "fields": dossier.fields,
        "summary": dossier.summary,
        "review": dossier.review,
        "stored": dossier.stored,
        "page_count": dossier.page_count,
        "failed_pages": dossier.failed_pages,
        "pages": [_named(page) for page in dossier.pages if page.index + 1 in set(numbers)],
        "html": str(written.file) if written else None,
    }
    return msgspec.to_builtins(told)


def _named(page: Any) -> dict[str, Any]:
    """A page whose lines have names for their parts."""
    import msgspec

    lines = [{"text": line.text, "box": line.box, "score": line.score} for line in page.lines]
    return msgspec.to_builtins(page) | {"lines": lines}
