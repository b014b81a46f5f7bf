"""What an exception means for its job."""

import traceback

from orchestrator.calls import Failed, Leased
from orchestrator.errors import Fatal, Retry, Unavailable
from orchestrator.retry import service_delay
from orchestrator.settings import Settings
from worker.residency import Residents
from worker.residency.memory import empty_caches, figures, is_out_of_memory
from worker.running import limits
from worker.running.binding import Binding


class Judge:
    """Judges for one process: where there was too little memory, it makes room at once."""

    def __init__(self, settings: Settings, residents: Residents) -> None:
        self._settings, self._residents = settings, residents

    def __call__(self, job: Leased, binding: Binding, problem: BaseException) -> Failed:
        """The outcome of a job that ended in an exception."""
        name, text = type(problem).__name__, str(problem)
        backoff = binding.call.step.retry.delay_after(job.attempt)
        match problem:
            case Fatal():
                return Failed(job, "fatal", 0.0, name, text)
            case Retry(after=after):
                return Failed(job, "attempt", backoff if after is None else after, name, text)
            case Unavailable(after=after):
                return Failed(job, "wait", service_delay(job.delivery) if after is None else after, name, text)
            case _ if is_out_of_memory(problem):
                place = where(problem)
                return Failed(job, "memory", self._settings.oom_delay, name, f"{self.make_room(problem)} ({place})")
            case _:
                return Failed(job, "attempt", backoff, name, f"{text} ({where(problem)})")

    def make_room(self, problem: BaseException) -> str:
        """Give back all that can be: idle models and caches; returns the figures from before, for people."""
        told = figures(self._residents, problem)
        traceback.clear_frames(problem.__traceback__)  # they hold the very arrays that were too many
        self._residents.evict_idle()
        empty_caches()
        return told


def where(problem: BaseException) -> str:
    """File and line that raised it; a limit is raised by the line that it interrupted."""
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.filename != limits.__file__]
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "no traceback"
