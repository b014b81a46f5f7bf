"""Where a page's picture goes: into the HTML itself, or for long documents into a folder beside it."""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from orchestrator.showing.pictures import Picture

MOST_EMBEDDED = 30
"""Pages: some 8 MB of HTML; those of a longer document lie in a folder beside it, and a browser loads what it shows."""


@dataclass(frozen=True)
class Shot:
    """A picture as the page refers to it."""

    address: str
    width: int
    """Pixels."""
    height: int


class Album(Protocol):
    """Takes pictures, gives their addresses."""

    policy: str
    """From where a browser may load them: what Content-Security-Policy calls sources."""

    def add(self, number: int, picture: Picture) -> Shot:
        """The page of that number, from 1."""
        ...


class Embedded:
    """Pictures inside the HTML, as data URLs."""

    policy = "data:"

    def add(self, number: int, picture: Picture) -> Shot:
        """Nothing is written."""
        return Shot(f"data:image/jpeg;base64,{base64.b64encode(picture.jpeg).decode()}", picture.width, picture.height)


class Beside:
    """Pictures in a folder beside the HTML file.

    Args:
        folder: made when the first picture comes.
    """

    policy = "'self' file:"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, number: int, picture: Picture) -> Shot:
        """Write one file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{number:05}.jpg"
        file.write_bytes(picture.jpeg)
        return Shot(f"{quote(self.folder.name)}/{file.name}", picture.width, picture.height)
