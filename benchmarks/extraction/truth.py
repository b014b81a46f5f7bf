"""What the fields of a document truly are, by the names of the built-in forms; and whether a value is that."""

import csv
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec

from worker.extraction import dates

CANONICAL = {"number": "number", "date": "date", "total": "total", "currency": "currency"}
"""From the column of the table to the field."""
MORE = {
    "amount_untaxed": "net", "amount_tax": "tax", "date_due": "due_date", "Subtotal": "net", "Tax": "tax",
    "term": "term", "jurisdiction": "governing_law", "Sold To": "customer",
}  # fmt: skip
"""From a document's own file to the field."""
SUFFIX = re.compile(r"\b(?:inc|ltd|gmbh|ag|bv|llc|corp|corporation|company|co|sdn|bhd|sas)\b")
NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}

Truth = dict[str, list[str]]
"""Each field's true values: one, but for the parties of a contract."""


def truths(corpus: Path) -> dict[str, Truth]:
    """By file name, for the documents that have any."""
    found: dict[str, Truth] = {}
    with (corpus / "gt" / "canonical.tsv").open(newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            found[row["file"]] = _of_row(row) | _of_file(corpus / "gt" / f"{Path(row['file']).stem}.fields.json")
    return found


def _of_row(row: dict[str, str]) -> Truth:
    truth = {field: [row[column]] for column, field in CANONICAL.items() if row[column]}
    parties = [name.strip() for name in row["party_or_vendor"].split("|") if name.strip()]
    if parties:
        truth["parties" if row["category"] == "contract" else "vendor"] = parties
    return truth


def _of_file(file: Path) -> Truth:
    fields: dict[str, Any] = msgspec.json.decode(file.read_bytes())["fields"]
    return {field: [str(fields[name])] for name, field in MORE.items() if fields.get(name)}


def same(kind: str, true: str, found: str) -> bool:
    """Whether a value is the true one, as its kind is compared."""
    if kind == "date":
        return found == true or found in [one.isoformat() for one in dates.readings(true)]
    if kind == "amount":
        try:
            return Decimal(found) == Decimal(re.sub(r"[^\d.-]", "", true))
        except InvalidOperation:
            return False
    if kind == "text":
        one, other = _plain(true), _plain(found)
        return one == other or (min(len(one), len(other)) >= 4 and (one in other or other in one))
    return re.sub(r"\W|_", "", true).casefold() == re.sub(r"\W|_", "", found).casefold()


def _plain(text: str) -> str:
    """A name without its company's suffix, a term without its number in brackets; letters and digits alone."""
    lower = re.sub(r"\(.*?\)", " ", text.casefold()) if re.search(r"\(\d+\)", text) else text.casefold()
    lower = re.sub(r"\b\w+\b", lambda word: NUMBERS.get(word.group(), word.group()), lower.replace("&", " and "))
    return re.sub(r"\W|_", "", SUFFIX.sub(" ", lower.replace(".", "")))
