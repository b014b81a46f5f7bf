"""The work itself, the same on both sides: plain functions that know of no queue.

They stand for OCR and an LLM: a document is a text file, a form feed between two pages. In the folder that
DOCUMENTS_FOLDER names they leave what they store, and `work.log`: what was done, in order, so that it can be counted.
"""

import json
import os
import re
from pathlib import Path
from typing import Any


def count_pages(path: str) -> int:
    """How many pages a document has.

    Raises:
        UnicodeDecodeError: it is no text.
    """
    _note("count_pages", path)
    return len(_pages(path))


def read_page(path: str, number: int) -> str:
    """What stands on one page, from 0."""
    _note("read_page", path)
    return _pages(path)[number]


def category_of(text: str) -> str:
    """What kind of document it is."""
    _note("category_of")
    return "invoice" if "invoice" in text.lower() else "letter"


def fields_in(text: str, kind: str) -> dict[str, str]:
    """What an invoice asks for; a letter has no fields."""
    _note("fields_in")
    found = re.search(r"total:? *([\d.]+)", text, re.IGNORECASE)
    return {"total": found[1]} if kind == "invoice" and found else {}


def shorten(text: str) -> str:
    """Its first sentence."""
    _note("shorten")
    return text.split(".")[0].strip()


def save(path: str, found: dict[str, Any]) -> str:
    """Write what was found in a document, and say where."""
    _note("save", path)
    stored = _folder() / f"{Path(path).stem}.json"
    stored.write_text(json.dumps(found))
    return str(stored)


def save_report(found: dict[str, Any]) -> None:
    """Add a line to the reports: how often an aggregate ran can be counted."""
    _note("save_report")
    _append("reports.jsonl", json.dumps(found))


def _note(word: str, path: str = "") -> None:
    _append("work.log", f"{word} {Path(path).stem}".strip())


def _append(name: str, line: str) -> None:
    with (_folder() / name).open("a") as file:
        file.write(f"{line}\n")


def _folder() -> Path:
    return Path(os.environ.get("DOCUMENTS_FOLDER", "."))


def _pages(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").split("\f")
