"""Reads the Lua scripts: one verb a file, shared pieces in `lua/lib/`, made into one library of Redis functions.

A verb's file is the body of its function; its first line may carry flags, and its header is parsed by tests, so that it
cannot drift. The library's name carries a digest of its text: two versions of docmill never share a function.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LUA = Path(__file__).resolve().parent.parent / "lua"
INCLUDE = re.compile(r"^-- @include (.+)$", re.MULTILINE)
COMMENT = re.compile(r"^\s*--(?!\[\[).*$\n?", re.MULTILINE)
LOCAL = re.compile(r"^local (?:function )?(\w+(?:, \w+)*)", re.MULTILINE)
"""A statement that declares names for the rest of its file."""
WORD = re.compile(r"[A-Za-z_]\w*")
HEADER = re.compile(r"--\[\[\n(.*?)\]\]\n", re.DOTALL)
FLAGS = re.compile(r"^#!lua(?: flags=(\S+))?$")


@dataclass(frozen=True)
class Verb:
    """One script of `lua/`."""

    name: str
    flags: tuple[str, ...]
    header: str
    body: str


@dataclass(frozen=True)
class Library:
    """All verbs, as `FUNCTION LOAD` takes them."""

    text: str
    digest: str

    def function(self, verb: str) -> str:
        """The name under which the server knows a verb."""
        return f"docmill_{verb}_{self.digest}"


@cache
def library() -> Library:
    """The library of this version of docmill."""
    pieces = "\n".join(_scoped(name) for name in _ordered())
    bodies = "\n".join(verb(name).body for name in verbs())
    digest = hashlib.sha256((pieces + bodies).encode()).hexdigest()[:8]
    made = Library("", digest)
    entries = "\n".join(_register(made.function(v.name), v) for v in map(verb, verbs()))
    return Library(f"#!lua name=docmill_{digest}\n{pieces}\n{entries}\n", digest)


@cache
def verb(name: str) -> Verb:
    """One verb, its header and its body, comments cut."""
    source = (LUA / f"{name}.lua").read_text()
    first, _, rest = source.partition("\n")
    flags, header = FLAGS.match(first), HEADER.search(rest)
    if flags is None or header is None:
        raise ValueError(f"lua/{name}.lua must begin with #!lua and a header")
    return Verb(name, tuple((flags[1] or "").split(",")) if flags[1] else (), header[1], _code(HEADER.sub("", rest)))


def verbs() -> list[str]:
    """The names of all verbs."""
    return sorted(path.stem for path in LUA.glob("*.lua"))


def _register(function: str, of: Verb) -> str:
    flags = ", ".join(f"'{flag}'" for flag in of.flags)
    callback = f"function(KEYS, ARGV)\nfresh(KEYS)\n{of.body}end"  # no local: they are few
    return f"register{{function_name='{function}', flags={{{flags}}}, callback={callback}}}"


def _ordered() -> list[str]:
    """The pieces of `lua/lib/`, each after those that it includes."""
    ordered: list[str] = []

    def add(piece: str) -> None:
        if piece in ordered:
            return
        for needed in (name for line in INCLUDE.findall(_read(piece)) for name in line.split()):
            add(needed)
        ordered.append(piece)

    for path in sorted((LUA / "lib").glob("*.lua")):
        add(path.stem)
    return ordered


@cache
def _read(piece: str) -> str:
    return (LUA / "lib" / f"{piece}.lua").read_text()


def _scoped(piece: str) -> str:
    """A piece whose own names stay inside it: Lua allows a chunk no more than 200 locals.

    A name is its own where no other file has it; what others use is declared before the block and set inside. `call`
    declares what all share.
    """
    code = _code(_read(piece))
    statements: list[str] = LOCAL.findall(code)
    own, all_files = _words(code), _files_by_word()
    shared = [names for names in statements if any(all_files[name] > (name in own) for name in names.split(", "))]
    if piece == "call" or shared == statements:
        return code
    inside = LOCAL.sub(lambda found: found[0].removeprefix("local ") if found[1] in shared else found[0], code)
    return f"local {', '.join(shared)}\ndo\n{inside}end"


@cache
def _files_by_word() -> Counter[str]:
    """In how many files each word is."""
    pieces = [_code(_read(path.stem)) for path in (LUA / "lib").glob("*.lua")]
    bodies = [verb(name).body for name in verbs()]
    return Counter(word for text in (*pieces, *bodies) for word in _words(text))


def _words(text: str) -> set[str]:
    return {*WORD.findall(text)}


def _code(source: str) -> str:
    return COMMENT.sub("", source)
