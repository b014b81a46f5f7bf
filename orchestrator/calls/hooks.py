"""What keeps receivers of webhooks."""

from collections.abc import Mapping

from orchestrator.calls.answers import mapping, one_line, scored, texts_of_set
from orchestrator.calls.base import Call, script_words, text
from orchestrator.keys import Keys


class HookCalls:
    """Builds calls about the receivers of one shard."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._hook = script_words("hook", keys.named("hooks"))

    def add(
        self, hook: str, whose: str, pipeline: str, fields: Mapping[str, str], *, most: int, kept: float = 0.0
    ) -> Call[str]:
        """Keep a receiver: `added`, `same` or `full`.

        Args:
            whose: `tenant:<name>`, or `document:<id>`.
            pipeline: the id of the one that delivers.
            most: receivers that `whose` may have.
            kept: seconds; 0 is for ever.
        """
        pairs = [word for pair in fields.items() for word in pair]
        return Call(self._hook, ("add", hook, whose, most, int(kept * 1000), "", pipeline, *pairs), text)

    def remove(self, hook: str) -> Call[str]:
        """Keep it no longer: `removed`."""
        return Call(self._hook, ("remove", hook), text)

    def disable(self, hook: str, why: str) -> Call[str]:
        """Tell it nothing more: `disabled` or `unknown`."""
        return Call(self._hook, ("disable", hook, "", 0, 0, one_line(why)), text)

    def enable(self, hook: str) -> Call[str]:
        """Tell it again: `enabled` or `unknown`."""
        return Call(self._hook, ("enable", hook), text)

    def head(self, hook: str) -> Call[dict[str, str]]:
        """All that is known of it."""
        return Call(("HGETALL",), (self._keys.hook(hook),), mapping)

    def of(self, whose: str) -> Call[list[str]]:
        """The receivers of a tenant, or of one document."""
        return Call(("SMEMBERS",), (self._keys.hooks(whose),), texts_of_set)

    def deliveries(self, hook: str, most: int) -> Call[list[tuple[str, float]]]:
        """Its newest deliveries, and when they began (seconds)."""
        words = (self._keys.hook(hook, "deliveries"), 0, most - 1, "REV", "WITHSCORES")
        return Call(("ZRANGE",), words, scored)
