"""One line an event: for people on a terminal, JSON elsewhere. Never a document's text.

What a line is about (document, step, attempt, slot) is bound around the work, so that whatever is logged meanwhile says so:
docmill's own words, a library's, and those of a step that logs as Python does.
"""

from orchestrator.logs.context import about, begin, end, identify
from orchestrator.logs.faults import place_of
from orchestrator.logs.writing import Log, configure_logs, logger

__all__ = ["Log", "about", "begin", "configure_logs", "end", "identify", "logger", "place_of"]
