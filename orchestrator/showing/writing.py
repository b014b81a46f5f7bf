"""Write a document's page to a file, or piece by piece to whoever asks."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.dossier import Dossier
from orchestrator.errors import UsageError
from orchestrator.showing.album import MOST_EMBEDDED, Album, Beside, Embedded, Shot
from orchestrator.showing.pictures import Pictures
from orchestrator.showing.rendering import render

if TYPE_CHECKING:
    from orchestrator.showing.rendering import Shoot

NO_FILE = "the submitted file is not in the blob store any more"


@dataclass(frozen=True)
class Written:
    """What was written."""

    file: Path
    folder: Path | None
    """With the pictures, where they are not in the file."""
    pages: int


def write_page(dossier: Dossier, source: Path | None, target: Path, numbers: Sequence[int] | None = None) -> Written:
    """One self-contained file; with more than 30 pages, their pictures are in the folder `<name>_pages` beside it.

    Args:
        source: the submitted file; None where there is none.
        numbers: the pages to show, from 1; None is all.

    Raises:
        UsageError: it cannot be written.
    """
    if target.is_dir():
        raise UsageError(f"{target} is a folder: name a file, such as {target / 'page.html'}")
    numbers = list(range(1, dossier.page_count + 1)) if numbers is None else numbers
    beside = target.with_name(f"{target.stem}_pages") if len(numbers) > MOST_EMBEDDED else None
    album = Beside(beside) if beside else Embedded()
    part = target.with_name(f"{target.name}.part")
    try:
        with ExitStack() as stack, part.open("w", encoding="utf-8") as file:
            shoot = _shooting(stack.enter_context(Pictures(source)) if source else None, album)
            no_picture = "it cannot be drawn" if source else NO_FILE
            for piece in render(dossier, numbers, shoot, images=album.policy, no_picture=no_picture):
                file.write(piece)
        part.replace(target)
    except OSError as problem:
        raise UsageError(f"{target} cannot be written ({problem.strerror or problem})") from None
    return Written(target, beside, len(numbers))


def pieces_of(dossier: Dossier, source: Path | None, numbers: Sequence[int]) -> Iterator[str]:
    """The same page, piece by piece, its pictures in it; blocking, since each is drawn when its piece is made.

    Args:
        source: the submitted file; None where there is none.
        numbers: the pages to show, from 1.
    """
    album = Embedded()
    with ExitStack() as stack:
        shoot = _shooting(stack.enter_context(Pictures(source)) if source else None, album)
        yield from render(
            dossier, numbers, shoot, images=album.policy, no_picture="it cannot be drawn" if source else NO_FILE
        )


def _shooting(pictures: Pictures | None, album: Album) -> "Shoot":
    def shoot(index: int, turned: int) -> Shot | None:
        if pictures is None:
            return None
        try:
            picture = pictures.draw(index, turned)
        except UsageError:
            return None
        return album.add(index + 1, picture)

    return shoot
