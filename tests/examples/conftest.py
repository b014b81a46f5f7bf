"""Examples are tested with the `mill` that docmill's users get."""

from worker.testing.plugin import docmill_server, mill, mill_settings

__all__ = ["docmill_server", "mill", "mill_settings"]
