"""`docmill evaluate`: the real pipeline over documents of which the truth is known."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from PIL import Image

from orchestrator.embedded.weights import fetch_weights, weights_path
from tests.cli.conftest import ROOT, Docmill

KEPT_WEIGHTS = ROOT / ".pytest_cache" / "docmill"
BILL = {"pipelines": "tests.cli.billing:bill"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sample documents, one that is broken, and what is true of them."""
    subprocess.run([sys.executable, ROOT / "examples" / "make_samples.py", tmp_path / "samples"], check=True)
    made = tmp_path / "truth"
    (made / "gt").mkdir(parents=True)
    for name in ("invoice.pdf", "letter.jpg"):
        shutil.copy(tmp_path / "samples" / name, made)
    (made / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (made / "gt" / "letter.txt").write_text(_letter(), encoding="utf-8")
    rows = ["file\tcategory\tlang\ttext_ref", "invoice.pdf\tinvoice\ten\t", "letter.jpg\tletter\ten\tgt/letter.txt"]
    (made / "MANIFEST.tsv").write_text("\n".join([*rows, "broken.pdf\tedge\t\t"]) + "\n", encoding="utf-8")
    (made / "gt" / "canonical.tsv").write_text("file\ttotal\tcurrency\ninvoice.pdf\t412.80\tGBP\n", encoding="utf-8")
    return made


def _letter() -> str:
    """What the sample letter says."""
    program = "import sample_texts; print(sample_texts.LETTER)"
    command = [sys.executable, "-c", program]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT / "examples").stdout


@pytest.fixture
def bills(tmp_path: Path) -> Path:
    """Three pictures, of which the pipeline `bill` finds the same each time: one is taken for another kind."""
    (tmp_path / "bills" / "gt").mkdir(parents=True)
    for name in ("a.png", "b.png", "c.png"):
        Image.new("RGB", (30, 40)).save(tmp_path / "bills" / name)
    rows = ["file\tcategory\tlang", "a.png\tinvoice\ten", "b.png\tinvoice\tde", "c.png\treceipt\ten"]
    (tmp_path / "bills" / "MANIFEST.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rows = ["file\tparty_or_vendor\ttotal", "a.png\tCORNER CAFÉ LTD\t1234.5", "b.png\tCorner\t-"]
    (tmp_path / "bills" / "gt" / "canonical.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path / "bills"


def test_the_table_tells_what_is_right_and_bounds_are_kept(docmill: Docmill, bills: Path, tmp_path: Path) -> None:
    """Exit code 1 where one is not; a second run is laid beside the first."""
    first = docmill("evaluate", bills, "--pipeline", "bill", "-o", tmp_path / "r.json", "--category", "invoice", **BILL)
    assert first.code == 0, first.err
    assert re.search(r"all\s+│ 2\s+│ 100% of 2\s+│ 75%\s+│ 100% of 3\s+│ 100% of 4", first.out)
    assert re.search(r"total\s+│ 1\s+│ 2\s+│ 1\s+│ 50%\s+│ 100%", first.out)
    bounds = "category=0.9,on_page=1"
    again = ("evaluate", bills, "--pipeline", "bill", "--against", tmp_path / "r.json", "--fail-under", bounds)
    second = docmill(*again, **BILL)
    assert second.code == 1
    assert "category must be at least 0.9, and is 0.6667" in second.err
    assert "on_page" not in second.err
    assert re.search(r"receipt\s+│ invoice 1", second.out)
    assert re.search(r"overall\s+│ category\s+│ 1\s+│ 0.6667", second.out)


def test_what_cannot_be_evaluated_is_said_before_anything_runs(docmill: Docmill, bills: Path, tmp_path: Path) -> None:
    """Each in one line."""
    for words, says in (
        (("evaluate", tmp_path), "MANIFEST.tsv cannot be read"),
        (("evaluate", bills, "--category", "poem"), "no documents of the category poem"),
        (("evaluate", bills, "--fail-under", "beauty=1"), "there is no measure 'beauty'"),
        (("evaluate", bills, "--against", bills / "MANIFEST.tsv"), "no report of docmill evaluate"),
        (("evaluate", bills, "--pipeline", "bill", "--param", "nonsense=1"), "no parameter 'nonsense'"),
    ):
        answer = docmill(*words, **BILL)
        assert (answer.code, len(answer.err.splitlines())) == (2, 1)
        assert says in answer.err


@pytest.fixture
def real() -> Iterator[Docmill]:
    """With all embedded parts."""
    pytest.importorskip("paddleocr")
    pytest.importorskip("xllamacpp")
    with TemporaryDirectory(prefix="dm") as folder:
        made = Docmill(Path(folder) / "data")
        made.environment |= {"DOCMILL_PIPELINES": "worker.pipelines.document:document"}
        made.environment |= {"DOCMILL_SLOTS": "gpu*1 llm*2 cpu*1"}
        target = weights_path(made.data_dir)
        target.parent.mkdir(parents=True)
        target.symlink_to(fetch_weights(KEPT_WEIGHTS))
        yield made
        made("down", "--wait", "5")


@pytest.mark.real
@pytest.mark.timeout(300)
def test_the_real_pipeline_is_measured(real: Docmill, folder: Path, tmp_path: Path) -> None:
    """Real OCR, a real LLM: what is right is its own business, that it is measured is ours."""
    command = real.start("evaluate", folder, "--json", "-o", tmp_path / "report.json", "--param", "max_words=15")
    told, said = command.communicate(timeout=280)
    assert command.returncode == 0, said
    report = msgspec.json.decode(told)
    assert msgspec.json.decode((tmp_path / "report.json").read_bytes()) == report
    rows = {row["file"]: row for row in report["documents"]}
    assert [rows[name]["status"] for name in ("invoice.pdf", "letter.jpg", "broken.pdf")] == [
        "succeeded",
        "succeeded",
        "failed",
    ], report["failures"]
    assert rows["letter.jpg"]["word_recall"] > 0.9
    assert (report["overall"]["categories"], report["overall"]["pages"]) == (2, 2)
    assert report["off_page"] == []
    assert report["overall"]["on_page"] in {None, 1.0}
    assert report["failures"][0]["file"] == "broken.pdf"
    assert report["calibration"]["documents"] == 2
    assert report["overall"]["seconds_an_ocr_page"] > 0
