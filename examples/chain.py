"""A chain: four steps, one after the other; what goes from one to the next has a type, and is checked.

export DOCMILL_PIPELINES=examples.chain:letter  # also where it is submitted
docmill worker
docmill submit --pipeline letter --param text='"Dear Ada. The engine runs."' --wait
"""

import re

import msgspec

from orchestrator import Fatal, pipeline, step


class Figures(msgspec.Struct, frozen=True):
    """What was counted."""

    sentences: int
    words: int


@step
def tidy(text: str) -> str:
    """One space between two words. `Fatal`: no retry could help."""
    if not text.strip():
        raise Fatal("the letter is empty")
    return " ".join(text.split())


@step
def cut(text: str) -> list[str]:
    """Sentences."""
    return re.findall(r"[^.!?]+[.!?]?", text)


@step
def count(sentences: list[str]) -> Figures:
    """Any other exception is retried: up to three times here, after a pause that doubles."""
    return Figures(len(sentences), sum(len(sentence.split()) for sentence in sentences))


@step(retries=5, retry_delay=2)
def report(figures: Figures) -> str:
    """The document's result."""
    return f"{figures.words} words in {figures.sentences} sentences"


@pipeline()
def letter(text: str) -> str:
    """Runs once, when it is defined: it says what follows what."""
    return report(count(cut(tidy(text))))
