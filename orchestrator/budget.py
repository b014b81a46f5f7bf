"""A memory budget as a person writes it: `80%`, `12GB`, `512MiB`, or nothing; and bytes as a person reads them."""

from dataclasses import dataclass

from pydantic import ByteSize, TypeAdapter, ValidationError

USUAL_SHARE = 0.9
"""Of a card, where nothing is said: the rest is for what libraries take beside their models."""

_sizes = TypeAdapter(ByteSize)


@dataclass(frozen=True)
class Budget:
    """A share of what there is, or a number of bytes; neither is the usual share of a card, and no limit without one."""

    share: float | None = None
    bytes: int | None = None

    def limit(self, card: int | None, host: int) -> int | None:
        """In bytes; None is no limit.

        Args:
            card: the memory of the card, bytes; None where there is no card.
            host: the memory of the machine, bytes.
        """
        if self.bytes is not None:
            return self.bytes
        if self.share is not None:
            return int((host if card is None else card) * self.share)
        return None if card is None else int(card * USUAL_SHARE)


def parse_budget(text: str) -> Budget:
    """Read a budget.

    Raises:
        ValueError: it is none; the text shows how one is written.
    """
    given = text.strip()
    if not given:
        return Budget()
    try:
        made = Budget(share=float(given[:-1]) / 100) if given.endswith("%") else Budget(bytes=_bytes(given))
    except ValueError:
        made = Budget(bytes=0)
    if made.bytes == 0 or (made.share is not None and not 0 < made.share <= 1):
        raise ValueError(f"{given!r} is no budget: write a share (80%) or a size (12GB, 512MiB)")
    return made


def _bytes(text: str) -> int:
    try:
        return _sizes.validate_python(text)
    except ValidationError as problem:
        raise ValueError(str(problem)) from None


def readable_bytes(count: float) -> str:
    """`1.2 GB`, in powers of a thousand."""
    return ByteSize(count).human_readable(decimal=True, separator=" ")
