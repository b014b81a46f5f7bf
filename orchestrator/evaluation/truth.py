"""What is true of a folder of documents: its MANIFEST.tsv, and what that names. The format is in docs/evaluate.md."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import msgspec

from orchestrator.errors import UsageError

MANIFEST, CANONICAL = "MANIFEST.tsv", "gt/canonical.tsv"
NONE = "-"
"""In a cell of true fields: the document has no such field. An empty cell says that nobody knows."""
PARTY = {"contract": "party"}
"""What `party_or_vendor` is called in the results of a category; elsewhere `vendor`."""
RENAMED = {"jurisdiction": "governing_law"}
Fields = dict[str, str | None]


@dataclass(frozen=True)
class Truth:
    """What is true of one document."""

    file: str
    """Relative to the folder."""
    path: Path
    category: str
    lang: str = ""
    fields: Fields = field(default_factory=dict[str, str | None])
    """None: the document has none; a field that is not here is not known."""
    canonical: bool = False
    """Whether these fields have the names that results have."""
    transcript: Path | None = None
    """Its whole text."""

    def text(self) -> str | None:
        """The true text, where it is known."""
        return None if self.transcript is None else self.transcript.read_text(encoding="utf-8", errors="replace")


def read_truth(folder: Path) -> list[Truth]:
    """The documents of the folder's manifest, in its order.

    Raises:
        UsageError: there is no manifest, or it names what is not there; the text says which.
    """
    rows = _table(folder / MANIFEST, "file", "category")
    known = _table(folder / CANONICAL, "file") if (folder / CANONICAL).exists() else []
    for table, members in ((MANIFEST, rows), (CANONICAL, known)):
        if twice := [name for name, times in Counter(row["file"] for row in members).items() if times > 1]:
            raise UsageError(f"{table} names {twice[0]} more than once")
    canonical = {row["file"]: row for row in known}
    if empty := next((number for number, row in enumerate(rows, 2) if not row["file"]), None):
        raise UsageError(f"{MANIFEST} names no file in row {empty}")
    if missing := [row["file"] for row in rows if not _is_file(folder / row["file"])]:
        others = f" and {len(missing) - 1} others" if len(missing) > 1 else ""
        raise UsageError(f"{MANIFEST} names {missing[0]}{others}, which {folder} does not have")
    return [_truth(folder, row, canonical.get(row["file"])) for row in rows]


def _truth(folder: Path, row: Mapping[str, str], canonical: Mapping[str, str] | None) -> Truth:
    category, transcript = row["category"], _transcript(folder, row.get("text_ref", ""))
    return Truth(
        file=row["file"],
        path=folder / row["file"],
        category=category,
        lang=row.get("lang", "").strip(NONE),
        fields=canonical_fields(category, canonical)
        if canonical
        else _named_fields(folder, row.get("fields_file", "")),
        canonical=canonical is not None,
        transcript=transcript,
    )


def _transcript(folder: Path, name: str) -> Path | None:
    """The text file; None where the cell names none (`pdf-text-layer` is where a text is from, not a file)."""
    path = folder / name
    if name and not path.is_file() and path.suffix:
        raise UsageError(f"{MANIFEST} names {name} as text_ref, which {folder} does not have")
    return path if path.is_file() else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have
        return False


def canonical_fields(category: str, row: Mapping[str, str]) -> Fields:
    """The true fields of a row of canonical.tsv, by the names that results have."""
    pairs = {name: value for name, value in row.items() if name not in {"file", "category", "other"}}
    for pair in row.get("other", "").split(";"):
        name, _, value = pair.partition("=")
        pairs[name.strip()] = value
    if "party_or_vendor" in pairs:
        pairs[PARTY.get(category, "vendor")] = pairs.pop("party_or_vendor")
    return {RENAMED.get(name, name): _known(value) for name, value in pairs.items() if name and value.strip()}


def _known(value: str) -> str | None:
    return None if value.strip() == NONE else value.strip()


def _named_fields(folder: Path, name: str) -> Fields:
    """The true fields of a JSON file: `{"fields": {name: text, number, list of them, or null}}`."""
    if name in {"", NONE}:
        return {}
    try:
        content = msgspec.json.decode((folder / name).read_bytes())
    except (OSError, ValueError) as problem:
        raise UsageError(f"{MANIFEST} names {name}, which cannot be read ({problem})") from None
    given = cast("dict[str, Any]", content).get("fields") if isinstance(content, dict) else None
    if not isinstance(given, dict):
        raise UsageError(f'{name} must be {{"fields": {{NAME: VALUE, …}}}}')
    values = {str(name): _plain(value) for name, value in cast("dict[Any, Any]", given).items()}
    return {name: value for name, value in values.items() if value != ""}


def _plain(value: Any) -> str | None:
    """The value as text; empty where it is none that a field can have."""
    if value is None:
        return None
    if isinstance(value, list):
        parts = [_plain(one) for one in cast("list[Any]", value)]
        return " | ".join(part for part in parts if part)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _table(path: Path, *needed: str) -> list[dict[str, str]]:
    """A tab-separated file with a header."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise UsageError(f"{path} cannot be read ({problem}): docs/evaluate.md says what it must be") from None
    plain = [{name: (row.get(name) or "").strip() for name in row if isinstance(name, str)} for row in rows]  # pyright: ignore[reportUnnecessaryIsInstance]
    if not plain:
        raise UsageError(f"{path} has no rows")
    if absent := [name for name in needed if name not in plain[0]]:
        raise UsageError(f"{path} has no column {absent[0]!r}: its first line must name its columns, parted by tabs")
    return plain
