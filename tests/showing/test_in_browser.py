"""The page in a real browser: its own policy lets it show all of itself, and a followed link lights its box up."""

import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from orchestrator.findings import PageText
from orchestrator.showing.writing import write_page
from tests.evaluation.made import dossier

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTH, HEIGHT = 1500, 1100


@pytest.fixture(scope="module")
def browser() -> str:
    """Where one is installed."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no browser is installed ({', '.join(NAMES)})")
    return found


def _shown(browser: str, address: str, folder: Path) -> tuple[Image.Image, str]:
    """(a picture of what the browser shows, what it complained of)."""
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr"]
    command += [
        f"--user-data-dir={folder / 'profile'}",
        f"--window-size={WIDTH},{HEIGHT}",
        "--virtual-time-budget=3000",
    ]
    command += ["--force-color-profile=srgb", f"--screenshot={folder / 'shown.png'}", address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    with Image.open(folder / "shown.png") as image:
        return image.convert("RGB"), "\n".join(complaints)


def _share(image: Image.Image, like: tuple[int, int, int]) -> float:
    """Of the pixels, that are about of that colour."""
    counts = image.getcolors(image.width * image.height) or []
    near = sum(count for count, colour in counts if all(abs(a - b) <= 6 for a, b in zip(colour, like, strict=True)))  # pyright: ignore
    return near / (image.width * image.height)


def test_its_policy_lets_it_show_itself_and_a_link_lights_its_box(browser: str, tmp_path: Path) -> None:
    """The picture is painted, the box stands over it, and is stronger once it is the target."""
    Image.new("RGB", (800, 600), (60, 160, 90)).save(tmp_path / "a.png")
    page = write_page(dossier(), tmp_path / "a.png", tmp_path / "page.html")
    plain, complaints = _shown(browser, page.file.as_uri(), tmp_path)
    assert complaints == ""
    assert _share(plain, (60, 160, 90)) > 0.1, "the page's picture"
    assert _share(plain, (245, 244, 241)) > 0.1, "the style sheet's paper"
    followed, complaints = _shown(browser, f"{page.file.as_uri()}#e-total", tmp_path)
    assert complaints == ""
    assert followed.tobytes() != plain.tobytes()


def test_pictures_beside_it_are_shown_too(browser: str, tmp_path: Path) -> None:
    """From the folder of a long document."""
    frame = Image.new("RGB", (400, 300), (60, 160, 90))
    frame.save(tmp_path / "a.tiff", save_all=True, append_images=[frame] * 30)
    long = dossier({}, pages=[PageText(index, "text", "ocr") for index in range(31)])
    page = write_page(long, tmp_path / "a.tiff", tmp_path / "page.html")
    shown, complaints = _shown(browser, page.file.as_uri(), tmp_path)
    assert complaints == ""
    assert _share(shown, (60, 160, 90)) > 0.1


def test_a_script_in_it_would_not_run(browser: str, tmp_path: Path) -> None:
    """Even where one got in, and a style of somebody else's: the browser refuses both, and says so."""
    page = write_page(dossier(), None, tmp_path / "page.html")
    html = page.file.read_text(encoding="utf-8")
    evil = "<script>document.body.remove()</script><style>body{display:none}</style></body>"
    page.file.write_text(html.replace("</body>", evil), encoding="utf-8")
    shown, complaints = _shown(browser, page.file.as_uri(), tmp_path)
    assert complaints.count("Content Security Policy") == 2
    assert _share(shown, (245, 244, 241)) > 0.1, "it is still there"
