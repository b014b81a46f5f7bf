"""`pages`: which pages a source has."""

from orchestrator import Context, Fatal, step
from orchestrator.source import Source
from worker.documents.opening import kind_of, local_file
from worker.steps.types import PageRef


@step(lane="cpu")
def pages(source: Source, ctx: Context) -> list[PageRef]:
    """References to the pages of a PDF or to the frames of an image, in order.

    Raises:
        Fatal: the file is missing, empty, protected, broken, of a kind that docmill does not read, or made to fill the memory.
    """
    from worker.documents import images, pdf, probing

    path = local_file(ctx, source.blob, source.name)
    kind = kind_of(path, source.name)
    if kind == "pdf":
        probing.refuse_bomb(path, source.name, ctx.settings.max_unpacked)
        count = pdf.page_count(path, source.name)
    else:
        count = images.frame_count(path, source.name, ctx.settings.max_pixels)
    if count > (most := ctx.settings.max_pages):
        raise Fatal(
            f"{source.name}: {count} pages are more than a document may have ({most}): split it, or raise DOCMILL_MAX_PAGES"
        )
    return [PageRef(source.blob, source.name, index, kind, source.digest) for index in range(count)]
