"""The page as a browser's parser sees it."""

from html.parser import HTMLParser

from orchestrator.dossier import Dossier
from orchestrator.showing.album import Shot
from orchestrator.showing.rendering import render

PIXEL = Shot("data:image/jpeg;base64,AAAA", 800, 1000)


class Seen(HTMLParser):
    """Elements with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for each."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Called for each text."""
        self.text += data

    def all(self, tag: str, **having: str) -> list[dict[str, str]]:
        """The attributes of the elements of that name; `class_` is the class."""
        wanted = {name.rstrip("_"): value for name, value in having.items()}
        return [found for name, found in self.elements if name == tag and wanted.items() <= found.items()]

    @property
    def ids(self) -> list[str]:
        """All of them."""
        return [found["id"] for _, found in self.elements if "id" in found]


def seen(dossier: Dossier, shot: Shot | None = PIXEL) -> Seen:
    """The page of a dossier, all its pages with the same picture."""
    numbers = range(1, dossier.page_count + 1)
    return Seen("".join(render(dossier, numbers, lambda _index, _turned: shot)))
