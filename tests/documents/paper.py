"""Small PDFs written by hand, and pictures of pages, for what no library here makes."""

import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FONT = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def pdf_of(
    content: str,
    rotate: int = 0,
    crop: tuple[int, int, int, int] | None = None,
    more: list[bytes] | None = None,
    page: str = "",
) -> bytes:
    """One page of 600 x 800 points.

    Args:
        content: PDF operators; /F1 is Helvetica.
        rotate: degrees clockwise by which it is shown turned.
        more: objects, numbered from 5 on.
        page: entries of the page's dictionary that name them.
    """
    shown = f"/Rotate {rotate} " + (f"/CropBox [{' '.join(map(str, crop))}] " if crop else "")
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] {shown}{page} /Contents 4 0 R /Resources {FONT} >>"
    stream = content.encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page.encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        *(more or []),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


PAGE = pdf_of("")
"""Nothing is drawn on it."""

_LOOK = b"BT /F1 14 Tf 2 4 Td (Kestrel) Tj ET"
TYPED = pdf_of(
    "BT /F1 14 Tf 50 700 Td (Surname:) Tj ET",
    page="/Annots [5 0 R]",
    more=[
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (surname) /V (Kestrel) /F 4 /Rect [200 696 400 716] "
        b"/AP << /N 6 0 R >> >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources %s /Length %d >>\nstream\n%s\nendstream"
        % (FONT.encode(), len(_LOOK), _LOOK),
    ],
)
"""A form with one field, filled in."""


def scanned_pdf(file: Path, picture: "Image", over: str = "") -> None:
    """A PDF page of 600 x 800 points that is a picture, with digital text over it.

    Args:
        over: PDF operators.
    """
    stored = io.BytesIO()
    picture.convert("L").save(stored, "JPEG", quality=90)
    file.write_bytes(_pictured(*picture.size, "DCTDecode", stored.getvalue(), over))


def _pictured(width: int, height: int, coding: str, stored: bytes, over: str = "") -> bytes:
    entries = (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    head = f"<< {entries} /Filter /{coding} /Length {len(stored)} >>\nstream\n"
    page = pdf_of(f"q 600 0 0 800 0 0 cm /Im Do Q\n{over}", more=[head.encode() + stored + b"\nendstream"])
    return page.replace(FONT.encode(), FONT[:-3].encode() + b" /XObject << /Im 5 0 R >> >>")


BOMB = _pictured(60_000, 60_000, "FlateDecode", zlib.compress(b""))
"""A page that is a picture of 3.6 billion pixels, in a few bytes."""
