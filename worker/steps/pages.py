"""`pages`: which pages a source has."""

from orchestrator import Context, Fatal, step
from worker.documents.opening import kind_of, local_file
from worker.steps.types import PageRef, Source

MOST_PAGES = 10_000
"""The most items that a fan-out may have."""


@step(lane="cpu")
def pages(source: Source, ctx: Context) -> list[PageRef]:
    """References to the pages of a PDF or to the frames of an image, in order.

    Raises:
        Fatal: the file is missing, empty, protected, broken, or of a kind that docmill does not read.
    """
    from worker.documents import images, pdf

    path = local_file(ctx, source.blob, source.name)
    kind = kind_of(path, source.name)
    count = pdf.page_count(path, source.name) if kind == "pdf" else images.frame_count(path, source.name)
    if count > MOST_PAGES:
        raise Fatal(f"{source.name}: {count} pages are more than a document may have ({MOST_PAGES}): split it")
    return [PageRef(source.blob, source.name, index, kind) for index in range(count)]
