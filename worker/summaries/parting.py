"""Parting a text by the tokens of the server's own model, with few requests to its tokenizer."""

import asyncio

from worker.models.llm_tokens import Tokenizer
from worker.models.trimming import estimated_tokens
from worker.summaries.splitting import split

MARGIN = 0.95
"""Of the room that parts are made for: the guess that places the cuts is right on the whole, not for each part."""


async def parts_of(tokens: Tokenizer, text: str, room: int) -> list[str]:
    """The text itself where it fits, else parts that fit, each counted.

    Args:
        tokens: counts.
        text: the document.
        room: tokens that a part may have.
    """
    guess = await asyncio.to_thread(estimated_tokens, text)
    counted = guess if guess <= room else await tokens.count(text)
    if counted <= room:
        return [text]
    return await _fitting(tokens, text, room, counted / guess)


async def _fitting(tokens: Tokenizer, text: str, room: int, ratio: float) -> list[str]:
    """Cut by the guess, put right by what the text as a whole was counted; what is too long after all is cut again."""
    most = max(1, int(room * MARGIN))
    parts = await asyncio.to_thread(split, text, most, lambda piece: estimated_tokens(piece) * ratio)
    fitting: list[str] = []
    for part in parts:
        counted = await tokens.count(part)
        if counted <= room or len(part) < 2:
            fitting.append(part)
        else:
            fitting += await _fitting(tokens, part, room, counted / estimated_tokens(part))
    return fitting
