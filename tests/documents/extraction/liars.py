"""Models that answer what they like."""

from typing import Any


class Liar:
    """Answers the same whatever is asked, as a server does that knows no schema.

    Args:
        answer: its answer.
    """

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def structured(
        self, text: str, instruction: str, schema: dict[str, Any], max_tokens: int
    ) -> tuple[Any, bool]:
        """Its answer."""
        self.asked.append((text, schema))
        return self.answer, False
