"""How much is measured: enough for the fast ones to run for seconds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Counts of one run."""

    steps: int
    documents: int
    pickups: int
    celery_steps: int
    celery_documents: int
    ceiling_seconds: float


FULL = Sizes(40_000, 10_000, 200, celery_steps=4_000, celery_documents=600, ceiling_seconds=5.0)
QUICK = Sizes(4_000, 1_000, 50, celery_steps=400, celery_documents=60, ceiling_seconds=1.0)
