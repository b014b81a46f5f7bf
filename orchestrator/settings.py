"""Settings: one frozen value, read from the environment (`DOCMILL_…`), checked at start, all faults reported together."""

from functools import cache
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from orchestrator.errors import UsageError

DEFAULT_PIPELINES = ("worker.pipelines.document:document",)


class Settings(BaseSettings):
    """All of docmill's settings; each is an environment variable, upper case, with the prefix `DOCMILL_`."""

    model_config = SettingsConfigDict(env_prefix="DOCMILL_", frozen=True, extra="ignore")

    redis_url: str | None = None
    """Where Redis is; None starts a private Valkey in the data folder."""
    llm_url: str | None = None
    """An OpenAI-compatible base URL (…/v1); None starts the embedded server."""
    llm_model: str = "smollm2"
    """The model's name at that URL."""
    llm_api_key: str = "none"
    data_dir: Path = Field(default_factory=lambda: user_data_path("docmill", appauthor=False))
    """Where the embedded parts, the blobs and the results live."""
    blob_url: str | None = None
    """Where inputs and large outputs are kept (fsspec); None is `blobs/` in the data folder."""
    results_url: str | None = None
    """Where `store` writes (fsspec); None is `results/` in the data folder."""
    pipelines: Annotated[tuple[str, ...], NoDecode] = DEFAULT_PIPELINES
    """`module:attribute` of each pipeline, comma separated."""

    @field_validator("pipelines", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        return tuple(filter(None, given.split(","))) if isinstance(given, str) else given

    lanes: str = ""
    """More lanes than the pipelines declare, comma separated; for overrides at submit."""
    slots: str = "gpu*1 llm*8 cpu*1"
    """The worker's slots: `NAME*COUNT[:lane,lane…]`, space separated; a name that is a lane serves that lane."""
    lease: float = Field(default=30.0, ge=0.5, le=3600)
    """Seconds until a lease that is not renewed ends."""
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
        faults = [f"DOCMILL_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in problem.errors()]
        raise UsageError("the settings are not usable:\n" + "\n".join(faults)) from None
