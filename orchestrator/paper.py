"""A picture as it is on paper: what steps read and what `show` draws. Pillow is imported where it is used."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

BLACK_TO_WHITE = {"I": 65_535, "F": 255}
"""Shades of a grey that is kept in more than 8 bits, where its brightest spot does not say that there are more, or fewer."""


def on_white(image: "Image") -> "Image":
    """RGB; transparent parts become white as on paper, and greys of 16 and 32 bits keep their shades."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        image = _in_8_bits(image.convert("I"), BLACK_TO_WHITE["I"])
    elif image.mode in BLACK_TO_WHITE:
        image = _in_8_bits(image, _white(image))
    if "A" in image.getbands() or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def _in_8_bits(image: "Image", white: float) -> "Image":
    return image.point(lambda value: value * (255 / white)).convert("L")


def _white(image: "Image") -> float:
    """The value that is white: nothing in the file says it, so the brightest spot does."""
    brightest = max(float(str(value)) for value in image.getextrema())
    if image.mode == "F" and 0 < brightest <= 1:
        return 1.0
    if brightest <= 255:
        return 255.0
    return max(brightest, BLACK_TO_WHITE[image.mode])
