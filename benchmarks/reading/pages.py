"""The pages that are read: scans with a transcript, and printed pages made into scans, whose text layer is the truth."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from worker.documents import images, pdf
from worker.documents.text_layer import text_layer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

AS_IT_IS = 150
"""A picture without a PDF around it is read as it is at this; at other resolutions it is scaled in proportion."""
PRINTED = ("contract-nda-80e3a1f3.pdf", "report-medical.pdf")
SEED = 20261121


@dataclass(frozen=True)
class Page:
    """A page with its truth."""

    file: Path
    truth: str
    made: bool
    """Whether the scan is made here, seeded, from a born-digital page."""

    def picture(self, resolution: int) -> "NDArray[np.uint8]":
        """As docmill reads it at so many dots per inch: height x width x 3, BGR."""
        if self.file.suffix == ".pdf":
            picture = pdf.render(self.file, self.file.name, 0, resolution)
            return scanned(picture) if self.made else picture
        return _scaled(images.frame(self.file, self.file.name, 0), resolution / AS_IT_IS)


def pages(corpus: Path) -> Iterator[Page]:
    """Every scanned English page of the corpus that has words in its transcript, then the made ones."""
    for transcript in sorted((corpus / "gt").glob("*.txt")):
        if truth := transcript.read_text().strip():
            yield Page(next(corpus.glob(f"{transcript.stem}.*")), truth, made=False)
    for name in PRINTED:
        yield Page(corpus / name, text_layer(corpus / name, name, 0).text, made=True)


def scanned(picture: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    """What an office scanner makes of it: a little askew, grain, and JPEG's marks; the same each time."""
    import numpy as np
    from PIL import Image

    grain = np.random.default_rng(SEED)
    leaning = Image.fromarray(picture).rotate(0.7, fillcolor="white", resample=Image.Resampling.BICUBIC)
    noisy = np.asarray(leaning).astype(float) * 0.94 + grain.normal(0, 6, picture.shape)
    stored = io.BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(stored, "JPEG", quality=60)
    return _array(Image.open(stored))


def _scaled(picture: "NDArray[np.uint8]", scale: float) -> "NDArray[np.uint8]":
    from PIL import Image

    height, width = (round(side * scale) for side in picture.shape[:2])
    return picture if scale == 1 else _array(Image.fromarray(picture).resize((width, height))).copy()


def _array(image: "Image") -> "NDArray[np.uint8]":
    import numpy as np

    return np.asarray(image, dtype=np.uint8)
