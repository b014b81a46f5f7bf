"""Pictures as pages of a PDF: a JPEG's bytes as they are, others without loss."""

from collections.abc import Container
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestrator.paper import on_white
from worker.documents import images

if TYPE_CHECKING:
    from PIL.Image import Image

USUAL_DPI = 150
LEAST_DPI, MOST_DPI = 100, 1200
"""A picture that declares less or more was not scanned so."""
TURNS = {1: 0, 3: 180, 6: 90, 8: 270}
"""EXIF's orientations that a PDF can say too: degrees clockwise; the others are mirrored."""
ORIENTATION = 0x0112
LOSSY = frozenset({"MPO", "WEBP"})
"""Formats, and compressions of TIFF, whose colours are a camera's: as JPEG they lose nothing that anyone sees."""
QUALITY = 92
A4 = (595, 842)
"""Points."""


def document_of(path: Path, name: str, failed: Container[int], most_pixels: int) -> Any:
    """A new `pypdfium2` document, a page a frame.

    Args:
        failed: frames that cannot be read: their pages are empty.

    Raises:
        Fatal: the picture is broken.
    """
    pdfium = _pdfium()

    document = pdfium.PdfDocument.new()
    with images.opened(path, name, most_pixels) as image:
        for index in range(int(getattr(image, "n_frames", 1))):
            if index in failed:
                document.new_page(*A4)
                continue
            image.seek(index)
            # Each is packed as a document of its own: PDFium keeps what is new in it unpacked until it is saved.
            one = pdfium.PdfDocument(_packed(image, path))
            document.import_pages(one)
            one.close()
    return document


def _packed(image: "Image", path: Path) -> bytes:
    """A PDF of this one frame."""
    pdfium = _pdfium()

    document = pdfium.PdfDocument.new()
    picture = pdfium.PdfImage.new(document)
    turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    if turn is not None and image.format == "JPEG":
        picture.load_jpeg(path, inline=True)
        size = image.size
    else:
        size, turn = _put(image, picture), 0
    points = tuple(side * 72 / dpi for side, dpi in zip(size, _dpi(image), strict=True))
    picture.set_matrix(pdfium.PdfMatrix().scale(*points))
    page = document.new_page(*points)
    page.insert_obj(picture)
    page.gen_content()
    page.set_rotation(turn)
    target = BytesIO()
    document.save(target)
    document.close()
    return target.getvalue()


def _put(image: "Image", picture: Any) -> tuple[int, int]:
    """The frame, the right way up and on white; returns its size in pixels."""
    from PIL import ImageOps

    pdfium = _pdfium()

    frame = on_white(ImageOps.exif_transpose(image))
    if image.format in LOSSY or image.info.get("compression") == "jpeg":
        jpeg = BytesIO()
        frame.save(jpeg, "JPEG", quality=QUALITY)
        picture.load_jpeg(jpeg, inline=True)
    else:
        picture.set_bitmap(pdfium.PdfBitmap.from_pil(frame.convert("L") if _is_grey(frame) else frame))
    return frame.size


def _is_grey(frame: "Image") -> bool:
    """Whether a picture has no colour, whatever its file could hold."""
    from PIL import ImageChops

    red, green, blue = frame.split()
    return not ImageChops.difference(red, green).getbbox() and not ImageChops.difference(green, blue).getbbox()


def _dpi(image: "Image") -> tuple[float, float]:
    """Across and down, before it is turned."""
    told = tuple(map(float, image.info.get("dpi") or ()))
    if len(told) == 2 and all(LEAST_DPI <= one <= MOST_DPI for one in told):
        return told[0], told[1]
    return USUAL_DPI, USUAL_DPI


def _pdfium() -> Any:
    import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

    return pypdfium2
