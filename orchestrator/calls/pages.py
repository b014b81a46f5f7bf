"""What those who page through an index call."""

from orchestrator.calls.answers import scored
from orchestrator.calls.base import Call


class PageCalls:
    """Builds calls about any index."""

    def newest(
        self, zset: str, most: int, *, low: float | None, high: float | None, exclusive: bool = False, skip: int = 0
    ) -> Call[list[tuple[str, float]]]:
        """Members of an index, newest first, with their times (seconds): documents, when submitted; batches, when opened.

        Args:
            zset: the whole name of its key.
            low: submitted then or later, seconds of the epoch.
            high: submitted then or before, all but the first `skip`.
            exclusive: before `high` only.
        """
        begin = "+inf" if high is None else f"{'(' * exclusive}{high * 1000!r}"
        end = "-inf" if low is None else repr(low * 1000)
        words = (zset, begin, end, "BYSCORE", "REV", "LIMIT", skip, most, "WITHSCORES")
        return Call(("ZRANGE",), words, scored)
