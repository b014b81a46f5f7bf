"""`docmill export`: stored results as one table."""

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, insert

from orchestrator.cli.running import run
from orchestrator.findings import Evidence, Field
from orchestrator.results.exporting import write_table
from orchestrator.results.migrating import ready
from orchestrator.results.reading import Chosen
from orchestrator.results.tables import documents, fields
from orchestrator.results.writing import save
from orchestrator.settings import load_settings
from tests.cli.conftest import Docmill
from tests.results.making import result

ATTACK = '=HYPERLINK("http://evil","click")'
LETTER = {"sender": Field("@SUM(A1)", "text", Evidence(1, "-1+1"), 0.5), "category": Field("x", "text")}


def _table(engine: Engine, kind: str = "jsonl", chosen: Chosen | None = None, **more: Any) -> bytes:
    target = io.BytesIO()
    write_table(engine, chosen or Chosen(), kind, target, **more)
    return target.getvalue()


def _rows(engine: Engine, chosen: Chosen | None = None, **more: Any) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in _table(engine, "jsonl", chosen, **more).splitlines()]


@pytest.fixture
def engine(database: str) -> Engine:
    """An invoice, and a letter by someone who means harm."""
    engine = ready(database)
    total = {"total": Field("-12.50", "amount", Evidence(1, "-12,50", (1, 2, 3, 4)), 0.9)}
    save(engine, result("doc1", fields=total | {"date": Field("2024-03-01", "date")}, review=["a", "b"]), "u")
    save(engine, result("doc2", category="letter", name=ATTACK, fields=LETTER), "u")
    return engine


def test_a_row_a_document_a_column_a_field(engine: Engine) -> None:
    """Fields that a document does not have are empty; one that is called as a column of the document gets a prefix."""
    first, second = _rows(engine)
    assert list(first) == [
        "document", "source", "status", "category", "confidence", "review", "reasons", "lang", "pages", "stored_at",
        "field_category", "date", "sender", "total",
    ]  # fmt: skip
    assert (first["document"], first["total"], first["date"], first["sender"]) == ("doc1", "-12.50", "2024-03-01", None)
    assert (first["review"], first["reasons"]) == (True, "a; b")
    assert (second["category"], second["field_category"], second["total"]) == ("letter", "x", None)


def test_evidence_is_four_more_columns_a_field(engine: Engine) -> None:
    """Where it stands, and how sure it is."""
    first, second = _rows(engine, evidence=True)
    assert (first["total.page"], first["total.box"], first["total.text"]) == (1, "1 2 3 4", "-12,50")
    assert first["total.confidence"] == 0.9
    assert (second["sender.text"], second["sender.box"], second["total.page"]) == ("-1+1", None, None)


def test_a_spreadsheet_runs_nothing(engine: Engine) -> None:
    """Text that looks like a formula is text; a negative amount stays a number."""
    first, second = csv.DictReader(io.StringIO(_table(engine, "csv", evidence=True).decode(), newline=""))
    assert second["source"] == "'" + ATTACK
    assert (second["sender"], second["sender.text"]) == ("'@SUM(A1)", "'-1+1")
    assert (first["total"], first["total.text"]) == ("-12.50", "'-12,50")
    assert (first["review"], second["total"]) == ("true", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_every_start_of_a_formula_is_disarmed(tmp_path: Path, start: str) -> None:
    """As OWASP lists them; cells inside a row cannot be broken out of."""
    engine = ready(f"sqlite:///{tmp_path}/r.db")
    save(engine, result(fields={"a": Field(f'{start}1",{start}2', "text")}), "u")
    (row,) = csv.DictReader(io.StringIO(_table(engine, "csv").decode(), newline=""))
    assert row["a"] == f"'{start}1\",{start}2"


def test_choosing(engine: Engine) -> None:
    """By category, status, time and whether a person should look."""
    moment = datetime.now(UTC)
    chosen = {
        Chosen(categories=("letter", "report")): ["doc2"],
        Chosen(status="succeeded"): [],
        Chosen(needs_review=True): ["doc1"],
        Chosen(since=moment + timedelta(hours=1)): [],
        Chosen(since=moment - timedelta(hours=1)): ["doc1", "doc2"],
    }
    assert {wanted: [row["document"] for row in _rows(engine, wanted)] for wanted in chosen} == chosen


def test_parquet_is_typed(engine: Engine, tmp_path: Path) -> None:
    """Amounts are decimals, dates are dates; a field that is not always one of them is text."""
    pyarrow: Any = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "t.parquet").write_bytes(_table(engine, "parquet"))
    table = pyarrow.read_table(tmp_path / "t.parquet")
    assert table.column("total").to_pylist() == [Decimal("-12.500000"), None]
    assert table.column("date").to_pylist() == [date(2024, 3, 1), None]
    assert table.column("sender").to_pylist() == [None, "@SUM(A1)"]
    assert table.column("stored_at")[0].as_py().tzinfo is not None


def test_a_large_table_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    """It is streamed, a page of documents at a time."""
    engine = ready(f"sqlite:///{tmp_path}/r.db")
    peaks: list[int] = []
    for start, end in ((0, 1000), (1000, 8000)):
        _insert(engine, range(start, end))
        with (tmp_path / "t.csv").open("wb") as target:
            tracemalloc.start()
            assert write_table(engine, Chosen(), "csv", target) == end
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


def test_the_command(docmill: Docmill, tmp_path: Path) -> None:
    """The format is the file's; people read how many there were, and stdout stays clean."""
    save(ready(f"sqlite:///{docmill.data_dir}/results.db"), result(), "u")
    told = docmill("export", "-o", tmp_path / "t.jsonl")
    assert (told.code, told.out) == (0, "")
    assert told.err.split() == ["1", "documents", "written", "to", str(tmp_path / "t.jsonl")]
    assert msgspec.json.decode((tmp_path / "t.jsonl").read_bytes())["total"] == "1234.50"
    assert docmill("export").out.splitlines()[0].startswith("document,source")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder for commands that run in this process."""
    monkeypatch.setenv("DOCMILL_DATA_DIR", str(tmp_path / "data"))
    load_settings.cache_clear()
    save(ready(f"sqlite:///{tmp_path}/data/results.db"), result(), "u")
    return tmp_path


def test_json_is_one_value(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rows, or, where those go to a file, what was written."""
    assert run(["export", "--json"]) == 0
    assert msgspec.json.decode(capsys.readouterr().out)[0]["document"] == "doc1"
    assert run(["export", "--json", "--category", "letter"]) == 0
    assert msgspec.json.decode(capsys.readouterr().out) == []
    assert run(["export", "--json", "-o", str(here / "t.csv")]) == 0
    told = msgspec.json.decode(capsys.readouterr().out)
    assert told == {"file": str(here / "t.csv"), "format": "csv", "documents": 1}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "t.xls"], "t.xls does not say its format: use --format with one of csv"),
        (["--format", "xml"], "'xml' is no format"),
        (["--format", "parquet"], "parquet needs a file: -o FILE"),
        (["--format", "csv", "--json"], "write csv to a file with -o FILE"),
        (["--since", "friday"], "--since 'friday' is no date"),
        (["--status", "failed"], "only documents that succeeded or ended as partial have results"),
        (["-o", "nowhere/t.csv"], "nowhere/t.csv cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    """With exit code 2, and what can be."""
    assert run(["export", *words]) == 2
    captured = capsys.readouterr()
    assert said in captured.out + captured.err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("off", "DOCMILL_RESULTS_DB is off"),
        ("postgresql://u:pw@127.0.0.1:1/x", "u:***@127.0.0.1:1/x cannot be used now"),
    ],
)
def test_a_database_that_cannot_be_read_is_told(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, said: str
) -> None:
    """And no half file is left."""
    monkeypatch.setenv("DOCMILL_RESULTS_DB", url)
    load_settings.cache_clear()
    assert run(["export", "-o", str(here / "t.csv")]) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in here.iterdir()] == ["data"]


def _insert(engine: Engine, numbers: range) -> None:
    own = {"fence": 1, "status": "succeeded", "source": "a.pdf", "digest": "", "media": "", "category": "letter"}
    own |= {"confidence": 1.0, "lang": "en", "pages": 1, "words": 1, "summary": "s" * 500, "review": False}
    own |= {"reasons": [], "url": "u", "pdf": "", "stored_at": datetime(2026, 1, 1)}
    field = {"kind": "text", "value": "v" * 50, "confidence": 1.0}
    with engine.begin() as connection:
        connection.execute(insert(documents), [own | {"id": f"d{n:06}"} for n in numbers])
        both = [field | {"document": f"d{n:06}", "name": name} for n in numbers for name in ("a", "b")]
        connection.execute(insert(fields), both)
