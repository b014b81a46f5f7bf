"""Make the sample documents in `samples/`: the same bytes each time.

    python examples/make_samples.py [FOLDER]

An invoice, a contract and a report as PDF with a text layer; a letter as a scanned picture and as a scanned PDF; a
two-page TIFF. The scans are drawn, turned a little and given grain.
"""

import random
import sys
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont
from sample_texts import CONTRACT_PAGES, INVOICE, LETTER, NOTICE_PAGES, REPORT

PAPER = (1240, 1754)
"""A4 at 150 dots per inch, pixels."""
LEADING, MARGIN = 15, 60
"""Of the PDF pages, points."""
MADE = time.gmtime(1_767_225_600)
"""2026-01-01: a PDF carries its date, and these are the same each time."""


def main(folder: Path) -> None:
    """Write all samples into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "invoice.pdf").write_bytes(text_pdf([INVOICE]))
    (folder / "contract.pdf").write_bytes(text_pdf(CONTRACT_PAGES))
    (folder / "report.pdf").write_bytes(text_pdf([REPORT]))
    letter = scanned(LETTER, seed=1)
    letter.save(folder / "letter.jpg", quality=70)
    scan = scanned(CONTRACT_PAGES[0], seed=2, size=26), scanned(CONTRACT_PAGES[1], seed=3, size=26)
    options: dict[str, Any] = {"creationDate": MADE, "modDate": MADE, "resolution": 150.0}
    scan[0].save(folder / "contract-scanned.pdf", save_all=True, append_images=[scan[1]], **options)
    pages = [scanned(text, seed=4 + index, size=38) for index, text in enumerate(NOTICE_PAGES)]
    pages[0].save(folder / "report.tiff", save_all=True, append_images=pages[1:], compression="jpeg")


def scanned(text: str, *, seed: int, size: int = 34) -> Image.Image:
    """A page as a scanner gives it: grey, up to a degree askew, with grain and soft edges."""
    chance = random.Random(seed)
    page = Image.new("L", PAPER, 250)
    font = ImageFont.load_default(size)
    ImageDraw.Draw(page).multiline_text((110, 120), text, fill=25, font=font, spacing=size // 3)
    page = page.rotate(chance.uniform(-1, 1), Image.Resampling.BICUBIC, fillcolor=250)
    page = page.filter(ImageFilter.GaussianBlur(0.6))
    return Image.blend(page, _grain(chance), 0.08)


def _grain(chance: random.Random) -> Image.Image:
    """Noise of its own: Pillow's cannot be seeded."""
    small = PAPER[0] // 2, PAPER[1] // 2
    return Image.frombytes("L", small, chance.randbytes(small[0] * small[1])).resize(PAPER)


def text_pdf(pages: "list[str] | tuple[str, ...]") -> bytes:
    """A PDF with a text layer, in a font that every reader has: written by hand, since it is this short."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    for index, text in enumerate(pages):
        content = _content(text)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * index} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream")
    return _assembled(objects)


def _content(text: str) -> bytes:
    lines = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in text.splitlines()]
    shown = "\n".join(f"({line}) Tj T*" for line in lines)
    return f"BT /F1 10 Tf {LEADING} TL {MARGIN} {842 - MARGIN} Td\n{shown}\nET".encode("cp1252")


def _assembled(objects: list[bytes]) -> bytes:
    """The objects with their header, cross-reference table and trailer."""
    body, places = b"%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010} 00000 n \n" for at in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + table.encode() + trailer.encode()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "samples")
