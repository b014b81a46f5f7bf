"""The whole of what runs for one data folder: what is configured, and what docmill starts in its place."""

from collections.abc import Iterator

from orchestrator.embedded.folder import Folder
from orchestrator.embedded.llm import LLMServer, ensure_llm
from orchestrator.embedded.llm_server import PARALLEL
from orchestrator.embedded.program import Program
from orchestrator.embedded.services import ApiService, WorkerService
from orchestrator.embedded.valkey import Valkey, ensure_valkey
from orchestrator.registry import Registry
from orchestrator.settings import Settings

LLM = "llm"
"""The model that steps name when they call the LLM server."""

SLOTS_BESIDE_SMALL_LLM = f"gpu*1 llm*{PARALLEL} cpu*1 hooks*2"
"""No more calls at a time than the embedded server serves: what waits does so in our lane, by priority."""


class Parts:
    """The programs of one data folder.

    Args:
        settings: as read; `resolved` is what they become once the parts that are missing run.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        folder = Folder.of(settings.data_dir)
        self.valkey, self.llm = Valkey(folder), LLMServer(folder)
        self.worker, self.api = WorkerService(folder), ApiService(folder)
        self._down = folder.run / "down"

    @property
    def programs(self) -> list[Program]:
        """All, in the order in which they are started."""
        return [self.valkey.program, self.llm.program, self.worker.program, self.api.program]

    @property
    def were_stopped(self) -> bool:
        """Whether someone said `docmill down`: then nobody starts again what is not there."""
        return self._down.exists()

    def begin(self) -> None:
        """Someone wants it to run again."""
        self._down.unlink(missing_ok=True)

    def ensure_redis(self) -> str:
        """The URL of the Redis to use: the configured one, else the private one, started where it does not run."""
        return ensure_valkey(self.settings)

    def will_start_llm(self, registry: Registry) -> bool:
        """Whether `ensure_llm` would start a server."""
        return self.settings.llm_url is None and needs_llm(registry) and not self.llm.program.is_running

    def ensure_llm(self, registry: Registry) -> str | None:
        """The LLM's base URL, likewise; None where none is configured and no pipeline asks for one."""
        if self.settings.llm_url is None and not needs_llm(registry):
            return None
        return ensure_llm(self.settings)

    def resolved(self, redis_url: str, llm_url: str | None = None) -> Settings:
        """The settings with the addresses of what runs."""
        found = {"redis_url": redis_url, "llm_url": llm_url, "data_dir": self.settings.data_dir.absolute()}
        if self.settings.llm_url is None and "slots" not in self.settings.model_fields_set:
            found["slots"] = SLOTS_BESIDE_SMALL_LLM
        return self.settings.model_copy(update=found)

    def stop(self, patience: float) -> Iterator[tuple[str, bool]]:
        """End all that docmill started, those first that need others; yields each one's name and whether it ran.

        Args:
            patience: seconds for the jobs that run.
        """
        self._down.touch()
        yield "worker", self.worker.stop(patience)
        yield "api", self.api.stop()
        yield "llm", self.llm.stop()
        yield "valkey", self.valkey.stop()


def needs_llm(registry: Registry) -> bool:
    """Whether a step of some pipeline asks for the LLM."""
    pipelines = [registry.named(name) for name in registry.names]
    return any(call.step.model == LLM for pipeline in pipelines for call in pipeline.calls.values())


def environment(settings: Settings) -> dict[str, str]:
    """What a worker or an API must be told, beside the environment that it inherits.

    Args:
        settings: resolved.
    """
    told = {
        "DOCMILL_REDIS_URL": settings.redis_url,
        "DOCMILL_LLM_URL": settings.llm_url,
        "DOCMILL_LLM_MODEL": settings.llm_model,
        "DOCMILL_DATA_DIR": str(settings.data_dir),
        "DOCMILL_SLOTS": settings.slots,
        "DOCMILL_PIPELINES": ",".join(settings.pipelines),
    }
    return {name: value for name, value in told.items() if value is not None}
