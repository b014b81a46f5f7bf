"""In which form a client would rather have its answer (RFC 9110)."""

import re
from collections.abc import Sequence


def best_of(accept: str, offered: Sequence[str]) -> str | None:
    """The media type that is liked best; among equals the first that is offered; None where none is accepted."""
    ranges = [_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    likings = [(_liking(media, ranges), -place) for place, media in enumerate(offered)]
    liking, place = max(likings)
    return offered[-place] if liking > 0 else None


def _range(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
    return media, float(quality) if re.fullmatch(r"[01](\.\d{0,3})?", quality) else 0.0


def _liking(media: str, ranges: Sequence[tuple[str, float]]) -> float:
    """As the most specific range that covers it says."""
    names = (media, media.partition("/")[0] + "/*", "*/*")
    said = [(names.index(name), quality) for name, quality in ranges if name in names]
    return min(said)[1] if said else 0.0
