"""What is printed or written on a page's picture, and whether there is anything."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DARKER = 40
"""Shades of 256 by which ink is darker than the paper around it."""
CELL = 8
"""Pixels: the page is looked at in squares of this side, in which a speck of dust is lost and a stroke is not."""
FEWEST = 2
"""Squares with ink that a page must have, or it is blank; a page number alone has as many."""


def ink(picture: "NDArray[np.uint8]") -> "NDArray[np.bool_]":
    """Where the picture is darker than the paper around it: height x width."""
    import numpy as np
    from PIL import Image, ImageFilter

    grey = Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1])).convert("L")
    small = grey.resize((max(1, grey.width // 16), max(1, grey.height // 16)))
    paper = small.filter(ImageFilter.MaxFilter(3)).resize(grey.size)
    return np.asarray(paper, dtype=np.int16) - np.asarray(grey, dtype=np.int16) > DARKER


def is_blank(picture: "NDArray[np.uint8]") -> bool:
    """Whether nothing is printed or written on it; specks, stains and grey paper are nothing."""
    marks = ink(picture)
    height, width = (side // CELL * CELL for side in marks.shape)
    cells = marks[:height, :width].reshape(height // CELL, CELL, width // CELL, CELL).mean(axis=(1, 3))
    return int((cells > 0.12).sum()) < FEWEST
