"""Settings: one frozen value, read from the environment (`DOCMILL_…`), checked at start, all faults reported together."""

from functools import cache
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from orchestrator.errors import UsageError
from orchestrator.settings.asking import AskingSettings
from orchestrator.settings.caching import CachingSettings
from orchestrator.settings.extracting import ExtractingSettings
from orchestrator.settings.logs import LogSettings
from orchestrator.settings.reading import ReadingSettings
from orchestrator.settings.results import ResultSettings
from orchestrator.settings.visiting import VisitingSettings
from orchestrator.settings.watching import WatchingSettings
from orchestrator.settings.working import WorkingSettings

DEFAULT_PIPELINES = (
    "worker.pipelines.document:document",
    "worker.pipelines.predict:predict",
    "worker.pipelines.predict:predict_batch",
)


class Settings(
    AskingSettings,
    CachingSettings,
    ExtractingSettings,
    LogSettings,
    ReadingSettings,
    ResultSettings,
    VisitingSettings,
    WatchingSettings,
    WorkingSettings,
):
    """All of docmill's settings; each is an environment variable, upper case, with the prefix `DOCMILL_`."""

    model_config = SettingsConfigDict(env_prefix="DOCMILL_", frozen=True, extra="ignore", allow_inf_nan=False)

    redis_url: str | None = None
    """Where Redis is; None starts a private Valkey in the data folder."""
    data_dir: Path = Field(default_factory=lambda: user_data_path("docmill", appauthor=False))
    """Where the embedded parts, the blobs and the results live."""
    blob_url: str | None = None
    """Where inputs and large outputs are kept (fsspec); None is `blobs/` in the data folder."""
    pipelines: Annotated[tuple[str, ...], NoDecode] = DEFAULT_PIPELINES
    """`module:attribute` of each pipeline, comma separated."""

    @field_validator("pipelines", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        return tuple(filter(None, given.split(","))) if isinstance(given, str) else given

    lanes: str = ""
    """More lanes than the pipelines declare, comma separated; for overrides at submit."""
    input_roots: str = ""
    """Folders whose files may be submitted by path over REST, comma separated; empty means any, on loopback only."""

    @property
    def blobs(self) -> str:
        """The blob store's URL."""
        return self.blob_url or f"file://{self.data_dir / 'blobs'}"

    @property
    def results(self) -> str:
        """The URL under which `store` writes."""
        return self.results_url or f"file://{self.data_dir / 'results'}"


@cache
def load_settings() -> Settings:
    """The settings of this process.

    Raises:
        UsageError: every fault there is, one a line.
    """
    try:
        return Settings()
    except ValidationError as problem:
        faults = [f"DOCMILL_{'_'.join(map(str, e['loc'])).upper()}: {_said(e['msg'])}" for e in problem.errors()]
        raise UsageError("the settings are not usable:\n" + "\n".join(faults)) from None


def _said(message: str) -> str:
    """What is wrong, for people: pydantic does not say how a size is written."""
    return "write a size, such as 4GiB or 500MB" if "byte string" in message else message
