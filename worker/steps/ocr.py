"""`ocr`: the text of one page, from the PDF's own text layer where that is good, else by PaddleOCR."""

import time
from typing import TYPE_CHECKING

import msgspec

from orchestrator import Cache, Context, Partial, step
from orchestrator.findings import PageText
from worker.documents.opening import local_file
from worker.spending import spending
from worker.steps.types import PageRef

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from worker.models.paddleocr import Reader


@step(
    lane="gpu", model="paddleocr", retries=3, retry_delay=30, on_failure=Partial(),
    cache=Cache(settings=("ocr_dpi", "max_pixels")),
)  # fmt: skip
def ocr(page: PageRef, lang: str, ctx: Context) -> PageText:
    """Read one page; it is rendered here, so nothing piles up on disk.

    Args:
        lang: the language, ISO 639-1; `auto` finds out.

    Raises:
        Fatal: the file is missing, the page is broken, or there is no such language.
        MissingPart: PaddleOCR, a model, or a system library that it needs is not installed.
    """
    from worker.documents.languages import AUTO, check_language, language_of

    check_language(lang)
    began = time.monotonic()
    read, loading = _read(page, local_file(ctx, page.blob, page.name), lang, ctx)
    spending().page(read.how)
    spoken = language_of(read.text) if lang == AUTO else lang
    return msgspec.structs.replace(read, lang=spoken, seconds=round(time.monotonic() - began - loading, 3))


def _read(page: PageRef, path: "Path", lang: str, ctx: Context) -> tuple[PageText, float]:
    """(what is read, seconds in which a model was loaded: they are not the page's)."""
    from worker.documents.ink import is_blank

    if page.kind == "pdf":
        from worker.documents.text_layer import text_layer

        layer = text_layer(path, page.name, page.index, ctx.settings.max_pixels)
        if layer.good:
            return PageText(page.index, layer.text, "text-layer", layer.lines), 0.0
        if not layer.drawn:
            return PageText(page.index, "", "blank"), 0.0
    picture = _picture(page, path, ctx)
    if is_blank(picture):
        return PageText(page.index, "", "blank"), 0.0
    asked = time.monotonic()
    reader: Reader = ctx.model("paddleocr")
    loading = time.monotonic() - asked
    return reader.read(picture, page.index, lang), loading


def _picture(page: PageRef, path: "Path", ctx: Context) -> "NDArray[np.uint8]":
    from worker.documents import images, pdf

    if page.kind == "pdf":
        return pdf.render(path, page.name, page.index, ctx.settings.ocr_dpi)
    return images.frame(path, page.name, page.index, ctx.settings.max_pixels)
