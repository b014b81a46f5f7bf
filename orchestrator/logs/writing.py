"""Where lines go: stderr, in one form, whoever writes them. In a program that is not docmill's they go to its own logging."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog

from orchestrator.logs.context import bound
from orchestrator.logs.forms import Columns, as_json

if TYPE_CHECKING:
    from orchestrator.settings import Settings

TALKATIVE = (
    "PIL", "aiobotocore", "alembic", "asyncio", "botocore", "fsspec", "httpcore", "httpx", "httpx2", "openai",
    "opentelemetry", "paddlex", "ppocr", "python_multipart", "s3fs", "sqlalchemy", "urllib3", "uvicorn", "watchfiles",
)  # fmt: skip
"""Libraries of which only warnings are wanted, whatever the level: some tell whole requests, and so a document's text."""

STDERR = 2
Form = Callable[[str, dict[str, Any]], bytes]


class _Own:
    """How this process logs, once it was told: the least level, and the form."""

    level: int = logging.INFO
    form: Form | None = None


class Log:
    """A module's logger: what an event is about are keywords of it, beside what is bound around the work.

    Args:
        name: of the module.
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def tells_debug(self) -> bool:
        """Whether `debug` writes anything: for who would have to gather what it says."""
        return _Own.level <= logging.DEBUG or _Own.form is None

    def debug(self, event: str, **words: object) -> None:
        """For who looks closely."""
        self._say(logging.DEBUG, event, words)

    def info(self, event: str, **words: object) -> None:
        """What went as it should."""
        self._say(logging.INFO, event, words)

    def warning(self, event: str, **words: object) -> None:
        """What did not, and docmill bears."""
        self._say(logging.WARNING, event, words)

    def error(self, event: str, **words: object) -> None:
        """What somebody should look at."""
        self._say(logging.ERROR, event, words)

    def _say(self, level: int, event: str, words: dict[str, object]) -> None:
        if _Own.form is None:
            others = logging.getLogger(self._name)
            if others.isEnabledFor(level):
                told = " ".join(f"{name}={value}" for name, value in (bound() | words).items())
                others.log(level, "%s", f"{event} {told}".rstrip())
        elif level >= _Own.level:
            _write(_Own.form(_NAMES[level], {"event": event, **words, "logger": self._name}))


def logger(name: str) -> Log:
    """A module's logger."""
    return Log(name)


def configure_logs(settings: "Settings") -> None:
    """Choose form and level for this process: docmill's lines, Python's own logging, warnings and crashes go the same way."""
    for_people = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    _Own.level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    _Own.form = Columns(sys.stderr.isatty()) if for_people else as_json
    _take_over_python(_Own.level)
    _take_over_structlog(_Own.level)
    sys.excepthook, threading.excepthook = _on_crash, _on_thread_crash


def reset_logs() -> None:
    """Log as a program that is not docmill's: for tests, which are one."""
    _Own.form = None
    root = logging.getLogger()
    root.handlers[:] = [one for one in root.handlers if not isinstance(one, _Handler)]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__


class _Handler(logging.Handler):
    """Writes what Python's own logging is told: of step code, of libraries."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; who logs never fails of it."""
        try:
            told = {"event": record.getMessage(), "exc_info": record.exc_info, "logger": record.name}
            _write((_Own.form or as_json)(record.levelname.lower(), told))
        except Exception:
            _write(as_json("warning", {"event": "a line could not be logged", "logger": record.name}))


def _take_over_python(level: int) -> None:
    root = logging.getLogger()
    if not any(isinstance(one, _Handler) for one in root.handlers):
        root.addHandler(_Handler())
    root.setLevel(level)
    logging.captureWarnings(True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _take_over_structlog(level: int) -> None:
    def form(_: object, name: str, told: Any) -> str:
        return (_Own.form or as_json)(name, dict(told)).decode()

    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, form],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )


def _write(line: bytes) -> None:
    """Whole, in one call: lines of several processes into one pipe do not mix. A full disk or a broken pipe stops no work."""
    with suppress(OSError):
        if sys.stderr is sys.__stderr__:
            os.write(STDERR, line + b"\n")
        else:  # a test reads it
            sys.stderr.write(f"{line.decode()}\n")


def _on_crash(_kind: type[BaseException], problem: BaseException, _trace: object) -> None:
    """The process ends of it. Its text stays out: it may quote a document."""
    if not isinstance(problem, KeyboardInterrupt):
        logger("crash").error("the process ends of an error", exc_info=problem)


def _on_thread_crash(told: threading.ExceptHookArgs) -> None:
    logger("crash").error("a thread ended of an error", exc_info=told.exc_value)


_NAMES = {level: logging.getLevelName(level).lower() for level in (10, 20, 30, 40)}
