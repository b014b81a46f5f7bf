"""Pictures of pages: the right way up, small enough, and made without numpy."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from orchestrator.errors import UsageError
from orchestrator.findings import PageText
from orchestrator.showing.choosing import chosen_pages
from orchestrator.showing.pictures import LONGEST_SIDE, Picture, Pictures
from orchestrator.showing.writing import write_page
from tests.evaluation.made import dossier

RED, WHITE = (220, 20, 20), (255, 255, 255)


def _page(width: int = 300, height: int = 400) -> Image.Image:
    """White, its upper left corner red."""
    page = Image.new("RGB", (width, height), WHITE)
    page.paste(RED, (0, 0, width // 3, height // 3))
    return page


def _corner(picture: Picture) -> tuple[str, str]:
    """In which corner the red is."""
    image = Image.open(io.BytesIO(picture.jpeg)).convert("RGB")
    assert image.size == (picture.width, picture.height)
    places = {
        (side, end): image.getpixel((int(image.width * x), int(image.height * y)))
        for side, x in (("left", 0.1), ("right", 0.9))
        for end, y in (("top", 0.1), ("bottom", 0.9))
    }
    (found,) = [place for place, colour in places.items() if isinstance(colour, tuple) and colour[1] < 120]
    return found


@pytest.mark.parametrize(
    ("turned", "corner"),
    [(0, ("left", "top")), (90, ("left", "bottom")), (180, ("right", "bottom")), (270, ("right", "top"))],
)
@pytest.mark.parametrize("ending", ["pdf", "png"])
def test_a_page_is_turned_as_it_was_read(turned: int, corner: tuple[str, str], ending: str, tmp_path: Path) -> None:
    """Counter-clockwise, by so many degrees."""
    _page().save(tmp_path / f"page.{ending}")
    with Pictures(tmp_path / f"page.{ending}") as pictures:
        picture = pictures.draw(0, turned)
    assert _corner(picture) == corner
    assert (picture.width < picture.height) == (turned in {0, 180})


def test_a_photo_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    """EXIF orientation 6: to be turned a quarter clockwise."""
    exif = Image.Exif()
    exif[0x0112] = 6
    _page().save(tmp_path / "photo.jpg", exif=exif)
    with Pictures(tmp_path / "photo.jpg") as pictures:
        assert _corner(pictures.draw(0)) == ("right", "top")


@pytest.mark.parametrize(
    ("mode", "ending"), [("1", "png"), ("LA", "png"), ("P", "png"), ("I;16", "png"), ("CMYK", "jpg")]
)
def test_any_kind_of_image_is_drawn(mode: str, ending: str, tmp_path: Path) -> None:
    page = _page(3000, 4000)
    image = page.convert("L").convert("I;16") if mode == "I;16" else page.convert(mode)
    image.save(tmp_path / f"page.{ending}")
    with Pictures(tmp_path / f"page.{ending}") as pictures:
        picture = pictures.draw(0)
    assert max(picture.width, picture.height) == LONGEST_SIDE


def test_each_frame_and_each_page_is_its_own(tmp_path: Path) -> None:
    frames = [_page(), _page().rotate(180)]
    for name in ("two.tiff", "two.pdf"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
        with Pictures(tmp_path / name) as pictures:
            assert [_corner(pictures.draw(index)) for index in (0, 1)] == [("left", "top"), ("right", "bottom")]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n%%EOF", b"nothing that is known"])
def test_what_cannot_be_drawn_is_said(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(content)
    with Pictures(tmp_path / "broken") as pictures, pytest.raises(UsageError, match="page 1 cannot be drawn"):
        pictures.draw(0)


def test_a_folder_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in (Path(), tmp_path):
        with pytest.raises(UsageError, match=r"is a folder: name a file, such as .*page.html"):
            write_page(dossier({}, pages=[PageText(0, "text", "ocr")]), None, folder)


def test_a_long_document_has_its_pictures_in_a_folder_beside(tmp_path: Path) -> None:
    """And a short choice of its pages has them inside."""
    frames = [_page(60, 80)] * 31
    frames[0].save(tmp_path / "long.pdf", save_all=True, append_images=frames[1:])
    long = dossier({}, pages=[PageText(index, "text", "ocr") for index in range(31)])
    written = write_page(long, tmp_path / "long.pdf", tmp_path / "long it is.html")
    assert written.folder == tmp_path / "long it is_pages"
    assert len(list((tmp_path / "long it is_pages").glob("*.jpg"))) == 31
    html = written.file.read_text(encoding="utf-8")
    assert 'src="long%20it%20is_pages/00031.jpg"' in html
    assert "img-src &#39;self&#39; file:;" in html
    short = write_page(long, tmp_path / "long.pdf", tmp_path / "short.html", chosen_pages("2-3,30-", 31))
    assert (short.folder, short.pages) == (None, 4)
    assert short.file.read_text(encoding="utf-8").count("data:image/jpeg") == 4


@pytest.mark.parametrize(("text", "pages"), [("", [1, 2, 3]), ("2", [2]), ("2-", [2, 3]), ("3,1-2,9", [1, 2, 3])])
def test_pages_are_chosen(text: str, pages: list[int]) -> None:
    assert chosen_pages(text, 3) == pages


@pytest.mark.parametrize("text", ["0", "9", "a", "1-2-3", "3-2"])
def test_pages_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--pages"):
        chosen_pages(text, 3)


def test_nothing_of_it_needs_numpy(tmp_path: Path) -> None:
    """The API may show pages too, and loads no numpy."""
    _page().save(tmp_path / "page.pdf")
    program = (
        "import sys; from pathlib import Path; from orchestrator.showing.writing import write_page;"
        "from tests.evaluation.made import dossier;"
        "write_page(dossier(), Path(sys.argv[1]), Path(sys.argv[2]));"
        "print(sorted({'numpy', 'torch', 'cv2'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, tmp_path / "page.pdf", tmp_path / "page.html"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "[]"
    assert "data:image/jpeg" in (tmp_path / "page.html").read_text(encoding="utf-8")
