"""Settings: one frozen value, read from the environment (`DOCMILL_…`), checked at start, all faults reported together."""

from functools import cache
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import ByteSize, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from orchestrator.budget import parse_budget
from orchestrator.errors import UsageError

DEFAULT_PIPELINES = (
    "worker.pipelines.document:document",
    "worker.pipelines.predict:predict",
    "worker.pipelines.predict:predict_batch",
)


class Settings(BaseSettings):
    """All of docmill's settings; each is an environment variable, upper case, with the prefix `DOCMILL_`."""

    model_config = SettingsConfigDict(env_prefix="DOCMILL_", frozen=True, extra="ignore", allow_inf_nan=False)

    redis_url: str | None = None
    """Where Redis is; None starts a private Valkey in the data folder."""
    llm_url: str | None = None
    """An OpenAI-compatible base URL (…/v1); None starts the embedded server."""
    llm_model: str = "smollm2"
    """The model's name at that URL."""
    llm_api_key: str = "none"
    llm_timeout: float = Field(default=300.0, gt=0)
    """Seconds that the LLM server may take for an answer; then the request is closed, and the attempt counts as failed."""
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
    """The worker's slots: `NAME*COUNT[-MOST][=lane,lane…]`, space separated; a name that is a lane serves that lane."""
    lease: float = Field(default=30.0, ge=0.5, le=3600)
    """Seconds until a lease that is not renewed ends."""
    gpus: str = ""
    """The cards that gpu slots use: `all`, or indexes, comma separated; each gets a slot. Empty is what CUDA shows first."""
    split_runtimes: bool = False
    """Give paddle and torch a process each even where there is no card."""
    standby: int = Field(default=1, ge=0, le=8)
    """Processes kept in reserve, loaded, for gpu slots that die, are killed or are recycled."""
    drain_timeout: float = Field(default=60.0, gt=0)
    """Seconds that running jobs have to end after SIGTERM; the rest goes back to its lanes, uncounted."""
    cancel_grace: float = Field(default=1.0, ge=0, le=60)
    """Seconds that a running step has to react to `ctx.cancelled` before its process is killed."""
    max_rss: ByteSize | None = None
    """Most memory that one slot process and what it started may hold (`4GiB`); beyond it, it is killed."""
    oom_delay: float = Field(default=60.0, ge=0)
    """Seconds before a job that found too little memory is tried again, alone."""
    recycle_jobs: int = Field(default=0, ge=0)
    """A slot process is replaced after so many jobs; 0 is never."""
    recycle_growth: ByteSize | None = ByteSize(2 * 2**30)
    """A slot process is replaced, between two jobs, once it has grown by so much."""
    grow_after: float = Field(default=2.0, gt=0)
    """Seconds that work must pile up before busy slots with a range get one more."""
    shrink_after: float = Field(default=60.0, gt=0)
    """Seconds that such a slot must have had nothing to do before it ends."""
    affinity: float = Field(default=30.0, ge=0)
    """Seconds that the oldest job may wait, inside its priority, behind jobs whose model is loaded."""
    input_roots: str = ""
    """Folders whose files may be submitted by path over REST, comma separated; empty means any, on loopback only."""

    vram_budget: str = ""
    """What one process' models may take of the card, of the host where there is none: `80%`, `12GB`, `512MiB`; empty
    is 90% of a card, and no limit without one."""
    predict_model: Path | None = None
    """The file that `predict` uses: TorchScript (`.pt`) or torch.export (`.pt2`); names of its classes, a JSON list,
    may lie beside it in `<file>.classes.json`."""
    predict_chunk: int = Field(default=64, ge=1, le=65_536)
    """How many inputs of `predict_batch` go through the model in one pass."""

    @field_validator("vram_budget")
    @classmethod
    def _check_budget(cls, given: str) -> str:
        parse_budget(given)
        return given

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
