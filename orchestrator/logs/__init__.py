"""One line an event: for people on a terminal, JSON elsewhere. Never a document's text.

What a line is about (document, step, attempt, slot) is bound around the work, so that whatever is logged meanwhile says so:
docmill's own words, a library's, and those of a step that logs as Python does.
"""

from orchestrator.logs.context import about, identify
from orchestrator.logs.faults import place_of
from orchestrator.logs.writing import Log, configure_logs, logger

__all__ = ["Log", "about", "configure_logs", "identify", "logger", "place_of"]
