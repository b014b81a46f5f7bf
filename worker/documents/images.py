"""Images by Pillow: one frame is one page."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator import Fatal
from orchestrator.errors import StepError
from orchestrator.paper import on_white

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

MOST_PIXELS = 120_000_000
"""As the setting has it where nobody says more; an A3 page at 600 dots per inch has 70 million."""
LONGEST_SIDE = 2400
"""Pixels: a larger image is scaled down before OCR; an A4 page then has 200 dots per inch. 3000 read no word more."""
ANIMATED = frozenset({"GIF", "PNG", "WEBP"})
"""Formats in which a frame is made of all those before it."""
SMALLEST_SIDE = 600
"""Pixels: a smaller image is scaled up, at most twofold, or its print is too small to read."""


def frame_count(path: Path, name: str, most_pixels: int = MOST_PIXELS) -> int:
    """How many frames.

    Raises:
        Fatal: broken, too large, or a kind that Pillow does not read.
    """
    with opened(path, name, most_pixels) as image:
        count = int(getattr(image, "n_frames", 1))
        if image.format in ANIMATED and count > 1:
            _check_animation(count, image, name, most_pixels)
        return count


def frame(path: Path, name: str, index: int, most_pixels: int = MOST_PIXELS) -> "NDArray[np.uint8]":
    """One frame as a picture, turned as its EXIF says: height x width x 3, BGR, 0 to 255.

    Raises:
        Fatal: broken, or it has more than `most_pixels`.
    """
    import numpy as np
    from PIL import ImageOps

    with opened(path, name, most_pixels) as image:
        image.seek(index)
        _check_size(image, name, most_pixels)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
        picture = on_white(ImageOps.exif_transpose(image))
    fitted = _fitted(picture)
    return np.ascontiguousarray(np.asarray(fitted, dtype=np.uint8)[:, :, ::-1])


def _fitted(image: "Image") -> "Image":
    shortest, longest = min(image.size), max(image.size)
    scale = min(max(1.0, min(2.0, SMALLEST_SIDE / shortest)), LONGEST_SIDE / longest)
    if scale == 1.0:
        return image
    return image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))


def _check_size(image: "Image", name: str, most_pixels: int) -> None:
    if image.width * image.height > most_pixels:
        raise Fatal(
            f"{name}: the image has {image.width} x {image.height} pixels; at most {most_pixels:,} are read "
            "(DOCMILL_MAX_PIXELS): it is a mistake, or made to fill the memory"
        )


def _check_animation(frames: int, image: "Image", name: str, most_pixels: int) -> None:
    if frames * image.width * image.height > most_pixels:
        raise Fatal(
            f"{name}: an animation of {frames:,} frames with {image.width} x {image.height} pixels; at most {most_pixels:,} "
            "in all are read (DOCMILL_MAX_PIXELS): submit the frames that matter as images"
        )


@contextmanager
def opened(path: Path, name: str, most_pixels: int = MOST_PIXELS) -> Generator["Image"]:
    """The file by Pillow.

    Raises:
        Fatal: broken, or its first frame has more than `most_pixels`; also where the block finds it to be broken.
    """
    from PIL import Image

    # Pillow has a limit of its own, and no way to set it for one file: the size is checked here, before anything is unpacked.
    kept, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        with Image.open(path) as image:
            _check_size(image, name, most_pixels)
            yield image
    except (StepError, MemoryError):
        raise
    except Exception as problem:  # also TypeError, IndexError, struct.error: Pillow raises what it likes
        why = str(problem).replace(repr(str(path)), name)  # where it lies is nobody's business
        raise Fatal(f"{name}: the image is broken and cannot be read ({why})") from None
    finally:
        Image.MAX_IMAGE_PIXELS = kept
