"""Names in a sentence: words with a capital that does not come from where they stand. No I/O."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LANGUAGES = frozenset(("en", "fr", "nl", "de", "es", "it", "pt"))
"""Whose words the dictionary is asked for; of other languages only words that begin a sentence are judged less well."""
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019\-.&][^\W_]+)*")
_OPENS = re.compile(r"(?:^|[.!?:;\u2022*\"\u201c(]\s*|\n\s*[-\d.]*\s*)$")
_SELF = frozenset(("i", "document", "text", "summary"))
"""Words of the model about its work."""
_LITTLE = frozenset(
    (
        "the", "a", "an", "this", "that", "these", "those", "it", "its", "in", "on", "at", "of", "by",
        "for", "from", "to", "and", "or", "but", "as", "with", "is", "are", "was", "were", "if", "when",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Name:
    """Words with capitals in a row.

    Args:
        words: as printed, without a possessive ending.
    """

    words: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.words)


def names_in(sentence: str, lang: str, is_said: Callable[[str], bool]) -> Iterator[Name]:
    """The names of a sentence.

    Args:
        sentence: any text of one language.
        is_said: whether the text that it is about has a word: what it has may begin a name, as in `Green Ltd`.
        lang: ISO 639-1; German writes all nouns with a capital, so there one word alone is a name only if the
            dictionary does not know it.
    """
    run: list[re.Match[str]] = []
    for match in [*_TOKEN.finditer(sentence), None]:
        if match is not None and _is_capital(match.group()) and (not run or _beside(sentence, run[-1], match)):
            run.append(match)
            continue
        if name := _name(sentence, run, lang, is_said):
            yield name
        run = [match] if match is not None and _is_capital(match.group()) else []


def _name(sentence: str, run: list[re.Match[str]], lang: str, is_said: Callable[[str], bool]) -> Name | None:
    words = [bare(match.group()) for match in run]
    opens = words and _OPENS.search(sentence[: run[0].start()]) and is_ordinary(words[0], lang)
    begins_name = lang != "de" and len(words) > 1 and is_said(words[0])
    if opens and not begins_name:
        words = words[1:]  # its capital comes from where it stands
    words = [word for word in words if word.casefold() not in _SELF | _LITTLE]
    if lang == "de" and len(words) == 1 and _is_known(words[0], "de"):
        return None
    return Name(tuple(words)) if words else None


def bare(word: str) -> str:
    """Without a possessive ending."""
    return re.sub(r"['\u2019]s?$", "", word)


def is_ordinary(word: str, lang: str) -> bool:
    """Whether the dictionary has it as a word that is written small inside a sentence."""
    import simplemma

    if word.casefold() in _LITTLE:
        return True
    small = word.casefold()
    known = lang if lang in LANGUAGES else "en"
    return _is_known(small, known) and simplemma.lemmatize(small, lang=known)[:1].islower()


def _is_known(word: str, lang: str) -> bool:
    import simplemma

    return simplemma.is_known(word, lang=lang)


def _is_capital(word: str) -> bool:
    """A capital at its beginning or inside, or letters beside digits (`Q3`)."""
    return word[0].isalpha() and (any(one.isupper() for one in word) or any(one.isdigit() for one in word))


def _beside(sentence: str, left: re.Match[str], right: re.Match[str]) -> bool:
    return sentence[left.end() : right.start()].isspace()
