"""What those who page through an index call."""

from orchestrator.calls.answers import scored
from orchestrator.calls.base import Call
from orchestrator.keys import Keys


class PageCalls:
    """Builds calls about the indexes of one shard."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys

    def newest(
        self, index: str, most: int, *, low: float | None, high: float | None, exclusive: bool = False, skip: int = 0
    ) -> Call[list[tuple[str, float]]]:
        """Documents of a status or a flag, newest first, with the time of their submission (seconds).

        Args:
            low: submitted then or later, seconds of the epoch.
            high: submitted then or before, all but the first `skip`.
            exclusive: before `high` only.
        """
        begin = "+inf" if high is None else f"{'(' * exclusive}{high * 1000!r}"
        end = "-inf" if low is None else repr(low * 1000)
        words = (self.keys.by(index), begin, end, "BYSCORE", "REV", "LIMIT", skip, most, "WITHSCORES")
        return Call(("ZRANGE",), words, scored)
