"""Reads the Lua scripts: one verb a file, shared pieces from `lua/lib/` where `-- @include` names them.

Header and script travel together: the header's words are parsed by tests, so that it cannot drift.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LUA = Path(__file__).resolve().parent.parent / "lua"
INCLUDE = re.compile(r"^-- @include (.+)$", re.MULTILINE)
COMMENT = re.compile(r"^\s*--(?!\[\[).*$\n?", re.MULTILINE)
HEADER = re.compile(r"--\[\[\n(.*?)\]\]\n", re.DOTALL)


@dataclass(frozen=True)
class Script:
    """A script as it is sent to the server."""

    name: str
    text: str
    sha: str
    header: str


@cache
def script(name: str) -> Script:
    """The script of that verb, with all it includes, comments cut."""
    source = (LUA / f"{name}.lua").read_text()
    first, _, rest = source.partition("\n")
    header = HEADER.search(source)
    body = COMMENT.sub("", HEADER.sub("", rest))
    pieces = [_piece(part) for part in _includes(rest)]
    text = "\n".join([first, *pieces, body])
    return Script(name, text, hashlib.sha1(text.encode()).hexdigest(), header.group(1) if header else "")


def verbs() -> list[str]:
    """The names of all scripts."""
    return sorted(path.stem for path in LUA.glob("*.lua"))


def _includes(source: str) -> list[str]:
    """The pieces that a source needs, each once, those that others need first."""
    ordered: list[str] = []

    def add(part: str) -> None:
        if part in ordered:
            return
        for needed in _direct(_read(part)):
            add(needed)
        ordered.append(part)

    for part in _direct(source):
        add(part)
    return ordered


def _direct(source: str) -> list[str]:
    return [part for line in INCLUDE.findall(source) for part in line.split()]


@cache
def _read(part: str) -> str:
    return (LUA / "lib" / f"{part}.lua").read_text()


@cache
def _piece(part: str) -> str:
    return COMMENT.sub("", _read(part))
