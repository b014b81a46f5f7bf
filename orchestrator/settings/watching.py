"""Settings of the live page: what is called too long, too full, too often."""

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings


class WatchingSettings(BaseSettings):
    """What the page's verdict is measured against; nothing else depends on these."""

    wait_target: float = Field(default=60.0, gt=0)
    """Seconds that a job should not wait in its lane."""
    wait_targets: str = ""
    """The same of single lanes: `gpu=300,llm=30`."""
    lane_full: int = Field(default=1000, gt=0)
    """Entries that wait from which on a lane is called full, where it has no bound of its own."""
    success_goal: float = Field(default=0.997, gt=0, lt=1)
    """The share of documents that should succeed."""

    @field_validator("wait_targets")
    @classmethod
    def _check(cls, given: str) -> str:
        targets_in(given)
        return given

    def wait_target_of(self, lane: str) -> float:
        """Seconds that a job should not wait in that lane."""
        return targets_in(self.wait_targets).get(lane, self.wait_target)


def targets_in(text: str) -> dict[str, float]:
    """Seconds by lane.

    Raises:
        ValueError: it is not of that form.
    """
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    found = {lane.strip(): _seconds(seconds) for lane, _, seconds in pairs}
    if not all(seconds > 0 for seconds in found.values()):
        raise ValueError("write seconds by lane, such as gpu=300,llm=30")
    return found


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
