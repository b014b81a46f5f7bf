"""Here `mill` is the one that docmill's users get, not that of docmill's own tests."""

from worker.testing.plugin import docmill_server, mill, mill_settings

__all__ = ["docmill_server", "mill", "mill_settings"]
