"""Images by Pillow: one frame is one page."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator import Fatal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

MOST_PIXELS = 120_000_000
"""An A3 page at 600 dpi has 70 million; more is a mistake or a decompression bomb."""
LONGEST_SIDE = 3000
"""Pixels: a larger image is scaled down before OCR."""
SMALLEST_SIDE = 600
"""Pixels: a smaller image is scaled up, at most twofold, or its print is too small to read."""


def frame_count(path: Path, name: str) -> int:
    """How many frames.

    Raises:
        Fatal: broken, too large, or a kind that Pillow does not read.
    """
    with _opened(path, name) as image:
        return int(getattr(image, "n_frames", 1))


def frame(path: Path, name: str, index: int) -> "NDArray[np.uint8]":
    """One frame as a picture, turned as its EXIF says: height x width x 3, BGR, 0 to 255."""
    import numpy as np
    from PIL import ImageOps

    with _opened(path, name) as image:
        image.seek(index)
        _check_size(image, name)
        picture = _on_white(ImageOps.exif_transpose(image))
    fitted = _fitted(picture)
    return np.ascontiguousarray(np.asarray(fitted, dtype=np.uint8)[:, :, ::-1])


def _on_white(image: "Image") -> "Image":
    """RGB; transparent parts become white as on paper, and 16-bit greys keep their shades."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def _fitted(image: "Image") -> "Image":
    shortest, longest = min(image.size), max(image.size)
    scale = min(max(1.0, min(2.0, SMALLEST_SIDE / shortest)), LONGEST_SIDE / longest)
    if scale == 1.0:
        return image
    return image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))


def _check_size(image: "Image", name: str) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise Fatal(f"{name}: the image has {image.width} x {image.height} pixels; at most {MOST_PIXELS:,} are read")


@contextmanager
def _opened(path: Path, name: str) -> Generator["Image"]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            _check_size(image, name)
            yield image
    except Image.DecompressionBombError as problem:
        raise Fatal(f"{name}: the image is too large to read safely ({problem})") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as problem:
        raise Fatal(f"{name}: the image is broken and cannot be read ({problem})") from None
