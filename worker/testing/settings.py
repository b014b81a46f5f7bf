"""Settings of a test: what it names and the defaults; nothing of the environment, which may be that of a production."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from orchestrator.settings import Settings

PREFIX = "DOCMILL_"


class OwnSettings(Settings):
    """Reads no environment."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, and nothing else."""
        return (init_settings,)


def own_settings(url: str, folder: Path, given: Mapping[str, Any]) -> Settings:
    """The settings of a mill.

    Raises:
        pydantic.ValidationError: a value cannot be.
    """
    return OwnSettings(redis_url=url, data_dir=folder / "data", pipelines=(), **given)


def environment(given: Mapping[str, Any]) -> dict[str, str]:
    """For a program: this process' environment, but of docmill's settings only those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    named = {PREFIX + name.upper(): _text(value) for name, value in given.items() if value is not None}
    return kept | named


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)  # pyright: ignore[reportUnknownArgumentType]
