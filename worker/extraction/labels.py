"""Labels: the words that stand beside values in documents, by the role that they give a value; they are in `labels.toml`.

A role is what a field is about: `total`, `due_date`, `vendor`.
"""

import tomllib
from pathlib import Path
from typing import Any

NUMBER = r"(?: ?(?:#|no|nr|num|number|id|n°|nº|№)\.?(?: ?no\.?)?)"
"""The ways to write "number" after a word."""

Table = dict[str, tuple[str, ...]]


def _read() -> tuple[dict[str, Table], dict[str, Table]]:
    """(the labels of each role, the names of each role's fields), by kind."""
    content: dict[str, Any] = tomllib.loads(Path(__file__).with_name("labels.toml").read_text(encoding="utf-8"))
    labels = {kind: _table(roles) for kind, roles in content["labels"].items()}
    names = {kind: _table(roles) for kind, roles in content["names"].items()}
    return labels | {"number": labels["amount"]}, names | {"number": {}}


def _table(roles: dict[str, list[str]]) -> Table:
    return {role: tuple(member.replace("{number}", NUMBER) for member in members) for role, members in roles.items()}


TABLES, ROLES = _read()
