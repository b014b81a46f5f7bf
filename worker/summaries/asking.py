"""One request for a summary, and what of its answer may stay."""

import asyncio
from dataclasses import dataclass

from worker.models.llm import LLM
from worker.summaries.grounding import Ground
from worker.summaries.sentences import sentences_of, within, words_of

PENALTY = 0.5
"""Of words said already: without it a small model falls into saying one sentence for ever."""
TOKENS_A_WORD, TOKENS_A_SIGN = 2, 3
"""Generous for English, and for a Chinese or Japanese character; in a language of longer words a summary ends early."""
NAMED = 8
"""So many things that were wrong are named when it is asked again."""
LEADING = 20_000
"""Characters of a text in which its first sentences are looked for."""
LEAST_WORDS = 5
"""That a sentence of running text has."""


@dataclass(frozen=True)
class Checked:
    """An answer.

    Args:
        kept: its sentences that say only what the text says, within the words that it may have.
        dropped: those that were left out for what they say.
        wrong: the numbers, dates and names in them.
    """

    kept: list[str]
    dropped: list[str]
    wrong: list[str]


def instruction(most_words: int, wrong: list[str] | None = None) -> str:
    """What is asked, after the document's text."""
    asked = f"Summarise the document in at most {most_words} words. State only what it says."
    if wrong:
        named = ", ".join(dict.fromkeys(wrong[:NAMED]))
        asked += f" Use only numbers, dates and names that stand in it, so not: {named}."
    return asked


def answer_tokens(text: str, most_words: int) -> int:
    """That a summary of so many words may have in the text's script."""
    spaced = len(text[:5000].split())
    return most_words * (TOKENS_A_SIGN if words_of(text[:5000]) > 3 * max(1, spaced) else TOKENS_A_WORD)


async def summary_of(llm: LLM, text: str, most_words: int, ground: Ground, wrong: list[str] | None = None) -> Checked:
    """Ask once, about a text that is sent whole.

    Raises:
        DoesNotFit: the text is longer than the server's context.
    """
    asked, tokens = instruction(most_words, wrong), answer_tokens(text, most_words)
    reply = await llm.write(text, asked, tokens, whole=True, frequency_penalty=PENALTY)
    sentences = within(reply.content.strip(), most_words, cut=reply.cut)
    return await asyncio.to_thread(checked, sentences, ground)


def checked(sentences: list[str], ground: Ground) -> Checked:
    """Part what the text says from what it does not say."""
    missing = {sentence: ground.missing(sentence) for sentence in sentences}
    kept = [sentence for sentence in sentences if not missing[sentence]]
    dropped = [sentence for sentence in sentences if missing[sentence]]
    return Checked(kept, dropped, [one for sentence in dropped for one in missing[sentence]])


def extract(text: str, most_words: int) -> list[str]:
    """The text's own first sentences, where no summary can be had; titles and rows of tables are passed over."""
    sentences = [(" ".join(sentence.split()), ends) for sentence, ends in sentences_of(text[:LEADING])]
    running = [sentence for sentence, ends in sentences if ends and words_of(sentence) >= LEAST_WORDS]
    return within("\n".join(running or [sentence for sentence, _ in sentences]), most_words, cut=False)
