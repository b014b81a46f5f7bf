"""What runs use, as fields of `stats`: a slot tells it with the call that ends the run, which counts it once. Pure."""

import re

ODD = re.compile(r"[^\w.@/-]+")
"""Characters that would end a word of a field."""
LONGEST = 80
"""Characters of a model's name."""


def tokens(pipeline: str, step: str, model: str, kind: str) -> str:
    """Tokens of an LLM; kind: prompt, cached, completion."""
    return f"tokens:{pipeline}:{step}:{ODD.sub('_', model)[:LONGEST]}:{kind}"


def pages(pipeline: str, way: str) -> str:
    """Pages; way: how they were read."""
    return f"pages:{pipeline}:{ODD.sub('_', way)[:LONGEST]}"


def card(pipeline: str, step: str) -> str:
    """Milliseconds of a card."""
    return f"card:{pipeline}:{step}"


def batch(pipeline: str, step: str, size: int) -> dict[str, int]:
    """One batch of so many jobs: its bucket, and the sum."""
    bound = 1 << max(0, size - 1).bit_length()
    return {f"batch:{pipeline}:{step}:{bound}": 1, f"batch:{pipeline}:{step}:sum": size}
