"""Settings of a worker: its slots, leases, cards, models and memory."""

from pathlib import Path

from pydantic import ByteSize, Field, field_validator
from pydantic_settings import BaseSettings

from orchestrator.budget import parse_budget


class WorkingSettings(BaseSettings):
    """What one worker runs, and how much it may take."""

    slots: str = "gpu*1 llm*8 cpu*1 hooks*4"
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
    metrics_port: int | None = Field(default=None, ge=1, le=65_535)
    """Where a worker serves its own metrics over HTTP, at `/metrics`; None serves none. Each worker of a machine its own."""
    metrics_host: str = "127.0.0.1"
    """The address that it is bound to: others reach it only where that is said."""
    affinity: float = Field(default=30.0, ge=0)
    """Seconds that the oldest job may wait, inside its priority, behind jobs whose model is loaded."""

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
