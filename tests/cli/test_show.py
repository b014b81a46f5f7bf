"""`docmill show`: what was found, in the terminal, as JSON, and as one HTML page."""

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import Docmill

BILL = {"pipelines": "tests.cli.billing:bill,tests.cli.pipelines:words"}
"""Both: whichever test starts the worker starts it for all of them."""


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page."""
    path = tmp_path_factory.mktemp("files") / "bill <1>.png"
    Image.new("RGB", (300, 400), (250, 250, 250)).save(path)
    return path


@pytest.fixture(scope="module")
def bill(docmill: Docmill, picture: Path) -> str:
    """One that succeeded."""
    answer = docmill("process", "--pipeline", "bill", picture, "--json", **BILL)
    assert answer.code == 0, answer.err
    return answer.json[0]["id"]


def test_the_terminal_shows_fields_with_page_and_confidence(docmill: Docmill, bill: str) -> None:
    """And all else that a person wants to know first."""
    told = docmill("show", bill)
    assert told.code == 0, told.err
    assert "invoice (80%) · 2 pages · 1 by OCR · en" in told.out
    assert re.search(r"total\s+│ 1234\.50\s+│ 80%\s+│ 1\s+│ 1\.234,50", told.out)
    assert re.search(r"number\s+│ missing", told.out)
    assert "to be looked at: a required field is missing: number" in told.out
    assert "total: holds (1000.00 + 234.50 = 1234.50)" in told.out
    assert "A bill of [b]Corner Café[/b]." in told.out, "as it is, not as markup"


def test_json_is_all_of_it(docmill: Docmill, bill: str) -> None:
    """Lines with names for their parts; or of some pages only."""
    told = docmill("show", bill, "--json").json
    assert told["fields"]["fields"]["total"]["evidence"] == {"page": 1, "text": "1.234,50", "box": [650, 200, 800, 230]}
    assert told["pages"][0]["lines"][0] == {"text": "Corner Café", "box": [100, 50, 400, 80], "score": 0.99}
    assert (told["name"], told["status"], told["page_count"]) == ("bill <1>.png", "succeeded", 2)
    assert [page["index"] for page in docmill("show", bill, "--json", "--pages", "2").json["pages"]] == [1]


def test_html_is_one_file_with_the_page_inside(docmill: Docmill, bill: str, tmp_path: Path) -> None:
    """The second page's picture is not there: the file has one frame."""
    target = tmp_path / "bill.html"
    answer = docmill("show", bill, "--html", "-o", target)
    assert answer.code == 0, answer.err
    assert answer.out.strip() == f"{target} (2 pages)"
    html = target.read_text(encoding="utf-8")
    assert '<h1 dir="auto">bill &lt;1&gt;.png</h1>' in html
    assert html.count("data:image/jpeg;base64,") == 1
    assert 'id="e-total"' in html and 'href="#e-total"' in html
    assert not list(tmp_path.glob("*.part"))


def test_a_document_that_failed_shows_what_there_is(docmill: Docmill, picture: Path, tmp_path: Path) -> None:
    """Its text and category, and the reason."""
    failed = docmill("process", "--pipeline", "bill", picture, "--param", "fail=true", "--json", **BILL).json[0]["id"]
    told = docmill("show", failed).out
    assert "invoice (80%)" in told
    assert "extract: the bill is torn" in told
    assert docmill("show", failed, "-o", tmp_path / "failed.html").code == 0
    html = (tmp_path / "failed.html").read_text(encoding="utf-8")
    assert "the bill is torn" in html and "1.234,50" in html and "Nothing was extracted" in html


def test_any_pipelines_document_can_be_shown(docmill: Docmill, text_file: Path, tmp_path: Path) -> None:
    """There is little to see of one that finds nothing."""
    words = docmill("process", "--pipeline", "words", text_file, "--json", **BILL).json[0]["id"]
    assert "three.txt succeeded" in docmill("show", words).out
    assert docmill("show", words, "-o", tmp_path / "words.html").code == 0
    assert "No page was read." in (tmp_path / "words.html").read_text(encoding="utf-8")


def test_what_cannot_be_shown_is_said(docmill: Docmill, bill: str, tmp_path: Path) -> None:
    """A document that is not there (any more), pages that it has not, a file that cannot be written."""
    unknown = docmill("show", "0-1m7zngp04620ns9pdf", "--html")
    assert (unknown.code, len(unknown.err.splitlines())) == (3, 1)
    assert "purged" in unknown.err
    assert docmill("show", bill, "--html", "--pages", "7", "-o", tmp_path / "x.html").code == 2
    nowhere = docmill("show", bill, "-o", tmp_path / "none" / "x.html")
    assert nowhere.code == 2 and "cannot be written" in nowhere.err
    assert not list(tmp_path.iterdir())
