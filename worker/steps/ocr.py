"""`ocr`: the text of one page, from the PDF's own text layer where that is good, else by PaddleOCR."""

from typing import TYPE_CHECKING

from orchestrator import Context, step
from worker.documents.opening import local_file
from worker.steps.types import PageRef, PageText

if TYPE_CHECKING:
    from worker.models.paddleocr import Reader


@step(lane="gpu", model="paddleocr", retries=3, retry_delay=30)
def ocr(page: PageRef, ctx: Context) -> PageText:
    """Read one page; it is rendered here, so nothing piles up on disk.

    Raises:
        Fatal: the file is missing, or the page is broken.
        MissingPart: PaddleOCR, or a system library that it needs, is not installed.
    """
    from worker.documents import images, pdf

    path = local_file(ctx, page.blob, page.name)
    if page.kind == "pdf":
        layer = pdf.text_layer(path, page.name, page.index)
        if layer.good or not layer.drawn:
            return PageText(page.index, layer.text, "text-layer")
        picture = pdf.render(path, page.name, page.index)
    else:
        picture = images.frame(path, page.name, page.index)
    reader: Reader = ctx.model("paddleocr")
    return reader.read(picture, page.index)
