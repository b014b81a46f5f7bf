"""One line an event: for people on a terminal, JSON elsewhere. Never a document's text."""

import sys
from typing import Any

import structlog


def configure_logs() -> None:
    """Choose the form by what stderr is."""
    people = sys.stderr.isatty()
    form: Any = structlog.dev.ConsoleRenderer() if people else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            form,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def logger(name: str) -> Any:
    """A module's logger; bind document, step, worker to it as keywords of each event."""
    return structlog.get_logger(module=name)
