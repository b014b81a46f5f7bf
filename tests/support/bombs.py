"""Small files that unpack to enormous ones."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

MEBIBYTE = 1 << 20
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>"
)


def packed(mebibytes: int, times: int = 1) -> bytes:
    """So many mebibytes of spaces, packed, and that packed again."""
    engine, blank = zlib.compressobj(9), b" " * MEBIBYTE
    content = b"".join(engine.compress(blank) for _ in range(mebibytes)) + engine.flush()
    return content if times == 1 else zlib.compress(content, 9)


def pdf(contents: bytes = b"", image: bytes = b"", times: int = 1) -> bytes:
    """A PDF of one page.

    Args:
        contents: the page's stream, or image: that of a picture of one pixel on it; both packed so many times.
    """
    filters = b"/Filter [" + b" /FlateDecode" * times + b"]"
    kind = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        b"<< "
        + (filters if contents else b"")
        + b" /Length %d >>\nstream\n" % len(contents)
        + contents
        + b"\nendstream",
        b"<< " + kind + filters + b" /Length %d >>\nstream\n" % len(image) + image + b"\nendstream",
    ]
    made, places = b"%PDF-1.7\n", list[int]()
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + head + table + tail


def picture(width: int, height: int) -> bytes:
    """A PNG that says that it has so many pixels."""

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", packed(1)) + part(b"IEND", b"")


def archive(mebibytes: int) -> bytes:
    """A ZIP file."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        file.writestr("bomb", bytes(mebibytes * MEBIBYTE))
    return made.getvalue()
