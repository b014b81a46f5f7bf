"""What a field is about: its role, and the labels that stand beside its values and beside others'."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from orchestrator.forms import FormField
from worker.extraction.labels import ROLES, TABLES

OWN = "own"
"""The role of a field that is of no known one."""
LATIN_ENDS = "\u0590"
"""Letters from here on have no word boundaries that `re` could find."""


@dataclass(frozen=True)
class Label:
    """A label in a stretch of text.

    Args:
        role: of the values that it stands beside.
        start: in the stretch.
        end: likewise.
    """

    role: str
    start: int
    end: int


@dataclass(frozen=True)
class Target:
    """A field as extraction looks for it.

    Args:
        field: as declared.
        role: one of the table's, or `own`.
    """

    field: FormField
    role: str

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """The field's own words: its name, and the parts of its hint."""
        name = r"[\s_-]*".join(map(re.escape, self.field.name.casefold().split("_")))
        parts = [part.strip().casefold() for part in re.split(r"[,;/]", self.field.hint)]
        return (name, *(r"\s+".join(map(re.escape, part.split())) for part in parts if 1 < len(part) <= LONGEST_PHRASE))

    def labels(self, stretch: str) -> tuple[Label, ...]:
        """Every label in the stretch, the longest where several begin together, in order."""
        return _labels(self.field.kind, self.role, self.phrases, stretch)


LONGEST_PHRASE = 40
"""Characters: a longer part of a hint is a sentence for the model."""


def target_of(field: FormField) -> Target:
    """The field with its role, which its name tells, or its kind where that has one role only."""
    roles, name = ROLES[field.kind], field.name.casefold()
    for role, names in roles.items():
        if name in names or len(roles) == 1:
            return Target(field, role)
    words = name.replace("_", " ")
    labels = ((role, phrase) for role in roles for phrase in TABLES[field.kind].get(role, ()))
    return Target(field, next((role for role, phrase in labels if re.fullmatch(phrase, words)), OWN))


@lru_cache(maxsize=20_000)  # the rows of a table have the same headings
def _labels(kind: str, role: str, phrases: tuple[str, ...], stretch: str) -> tuple[Label, ...]:
    pattern, roles = _pattern(kind, role, phrases)
    found = pattern.finditer(legible(stretch))
    return tuple(Label(roles[(match.lastindex or 1) - 1], match.start(), match.end()) for match in found)


@lru_cache(maxsize=256)
def _pattern(kind: str, own_role: str, own: tuple[str, ...]) -> tuple[re.Pattern[str], list[str]]:
    """(one group a phrase, the role of each group)."""
    phrases = {phrase: role for role, members in TABLES[kind].items() for phrase in members}
    # A field's own words give its role, except where the table knows better: "tax" in the hint of a total is no total.
    phrases = {phrase: own_role for phrase in own if own_role == OWN or phrase not in phrases} | (
        {phrase: role for phrase, role in phrases.items() if own_role != OWN or phrase not in own}
    )
    ordered = sorted(phrases.items(), key=lambda item: _least_length(item[0]), reverse=True)
    return re.compile("|".join(f"({_bounded(phrase)})" for phrase, _ in ordered)), [role for _, role in ordered]


def _least_length(phrase: str) -> int:
    """Of the pattern, its optional parts left out: of two that match, the one that demands more goes first."""
    return len(re.sub(r"\(\?:[^()]*\)\?|\[[^]]*\]|\{[^}]*\}|\\", "", phrase))


def _bounded(phrase: str) -> str:
    if phrase[0] >= LATIN_ENDS:
        return phrase
    return rf"(?<![^\W\d_]){phrase}(?![^\W\d_])"


def legible(stretch: str) -> str:
    """In lower case, with digits among letters read as the letters that OCR took them for; no longer, no shorter."""
    lower = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in stretch)
    return re.sub(r"(?<=[a-z])[10]|[10](?=[a-z]{2})", lambda match: "l" if match.group() == "1" else "o", lower)
