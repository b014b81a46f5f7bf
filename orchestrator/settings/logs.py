"""Settings of what processes log."""

from typing import Literal

from pydantic_settings import BaseSettings


class LogSettings(BaseSettings):
    """In which form, and how much."""

    log_format: Literal["auto", "json", "text"] = "auto"
    """JSON, or columns for people; `auto` is columns on a terminal and JSON elsewhere."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged: at `info` a line for each run of a step, at `warning` only what went wrong."""
