"""Sentences and words, also of scripts that write no spaces. Pure, no I/O."""

import re
from collections.abc import Iterator

ABBREVIATIONS = frozenset(
    (
        "mr", "mrs", "ms", "dr", "prof", "st", "no", "nr", "art", "sec", "fig", "vol", "pp", "inc",
        "ltd", "co", "corp", "jr", "sr", "vs", "approx", "ca", "e.g", "i.e", "u.s", "u.k", "bzw", "z.b", "d.h",
    )
)  # fmt: skip
"""A full stop after these ends no sentence; nor does one after a single capital."""
_END = re.compile(r"[.!?]+['\"\u201d\u00bb)\]]*(?=\s|$)|[\u3002\uff01\uff1f]+[\u201d\u300d\u300f)]*|\n+")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[a-z\u00df-\u00ff])")
_WRAP = re.compile(r"(?<=[^\s.!?:])[ \t]*\n[ \t]*(?=[a-z\u00df-\u00ff])")
_LAST_WORD = re.compile(r"[\w.]+$")
_WIDE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_WIDE}]|[^\s{_WIDE}]+")


def words_of(text: str) -> int:
    """How many words: each Chinese or Japanese character is one, else what stands between spaces."""
    return sum(any(one.isalnum() for one in match.group()) for match in _WORD.finditer(text))


def sentences_of(text: str) -> Iterator[tuple[str, bool]]:
    """(a sentence, whether it has its end), in order; a line end also ends one, unless a small letter follows."""
    text, start = unwrapped(text), 0
    for match in _END.finditer(text):
        if match.group().startswith(".") and _is_abbreviated(text[start : match.start()]):
            continue
        if sentence := text[start : match.end()].strip():
            yield sentence, not match.group().startswith("\n")
        start = match.end()
    if rest := text[start:].strip():
        yield rest, False


def unwrapped(text: str) -> str:
    """The text with lines joined where one goes on in the next, words that were cut in two too."""
    return _WRAP.sub(" ", _HYPHEN.sub("", text))


def _is_abbreviated(before: str) -> bool:
    last = _LAST_WORD.search(before)
    word = last.group() if last else ""
    return word.casefold() in ABBREVIATIONS or (len(word) == 1 and word.isupper())


def shortened(text: str, most_words: int) -> str:
    """The first words of a text."""
    ends = [m.end() for m in _WORD.finditer(text) if any(one.isalnum() for one in m.group())]
    return text if len(ends) <= most_words else text[: ends[most_words - 1]]


def joined(sentences: list[str]) -> str:
    """As running text: a space between two of them but after a full-width stop."""
    text = ""
    for sentence in sentences:
        text += sentence if not text or text[-1] in "\u3002\uff01\uff1f\u300d" else f" {sentence}"
    return text


def within(summary: str, most_words: int, *, cut: bool) -> list[str]:
    """Its sentences as far as `most_words` go, each once.

    Args:
        summary: what the model wrote.
        most_words: at most that many.
        cut: whether the model was stopped: then a last sentence without its end is left out, if it is not the only one.
    """
    kept: list[str] = []
    room = most_words
    given = list(sentences_of(summary))
    if cut and len(given) > 1 and not given[-1][1]:
        given.pop()
    for sentence, _ in given:
        if sentence in kept:
            continue
        if (words := words_of(sentence)) > room:
            break
        kept.append(sentence)
        room -= words
    if not kept and given:
        return [shortened(given[0][0], most_words).rstrip(" ,;:") + " \u2026"]
    return kept
