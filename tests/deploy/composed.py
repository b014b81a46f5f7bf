"""`compose.yaml` as Docker Compose reads it: variables filled in from `.env.example`, anchors and merges resolved."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "compose.yaml").read_text()
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}")
SECONDS = {"s": 1, "m": 60, "h": 3600}
WATCHED = (ROOT / "grafana" / "prometheus").is_dir()


def example() -> dict[str, str]:
    """What `.env.example` says."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))  # pyright: ignore


def composed(variables: dict[str, str]) -> dict[str, Any]:
    """The whole, with these variables.

    Raises:
        KeyError: one that must be set is not.
    """

    def value(found: re.Match[str]) -> str:
        name, default = found[1], found[2]
        return variables[name] if default is None else variables.get(name) or default

    whole = yaml.safe_load(VARIABLE.sub(value, TEXT))
    return {name: part for name, part in whole.items() if not name.startswith("x-")}


def seconds(text: str) -> float:
    """A duration of Compose's."""
    return sum(float(number) * SECONDS[unit] for number, unit in re.findall(r"([\d.]+)([smh])", text))
