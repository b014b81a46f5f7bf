"""Making a text fit: a bound in characters, and one in estimated tokens."""

import re

GAP = "\n[…]\n"
_PIECES = re.compile(r"[^\W\d_]+|\d|[^\w\s]|\s+")


def shorten(text: str, most_characters: int, most_tokens: int) -> str:
    """The text itself where it fits, else its beginning and its end (a quarter) around a gap mark.

    Args:
        text: the document.
        most_characters: at most that many are wanted.
        most_tokens: at most that many may be sent, by `estimated_tokens`.
    """
    text = text.strip()
    short = _head_and_tail(text, most_characters)
    while short and (tokens := estimated_tokens(short)) > most_tokens:
        short = _head_and_tail(text, int(len(short) * min(0.9, max(0.0, most_tokens / tokens))))
    return short


def _head_and_tail(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    if room <= len(GAP):
        return ""
    tail = (room - len(GAP)) // 4
    return text[: room - len(GAP) - tail].rstrip() + GAP + text[len(text) - tail :].lstrip()


def estimated_tokens(text: str) -> int:
    """A careful guess without the tokenizer: words by length, digits and signs one each, other scripts by byte."""
    total = 0
    for match in _PIECES.finditer(text):
        piece = match.group()
        if piece.isspace():
            total += piece.count("\n")
        elif piece.isascii():
            total += 1 + len(piece) // 5
        else:
            total += (len(piece.encode()) + 1) // 2
    return total
