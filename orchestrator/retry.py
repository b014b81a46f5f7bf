"""When a failed job runs again: exponential backoff with jitter."""

import random
from dataclasses import dataclass

LONGEST_DELAY = 3600.0
"""Seconds."""
MOST_DOUBLINGS = 32
"""Far beyond the longest delay, and far below what a float can hold."""


@dataclass(frozen=True)
class RetryPolicy:
    """How often and when.

    Args:
        retries: runs after the first.
        delay: seconds before the first retry; doubles each time.
    """

    retries: int = 3
    delay: float = 1.0

    def delay_after(self, attempt: int) -> float:
        """Seconds to wait after the `attempt`-th run failed (1 is the first), with up to a quarter of jitter.

        The jitter keeps a thousand jobs that failed together from coming back together.
        """
        backoff = min(self.delay * 2 ** min(attempt - 1, MOST_DOUBLINGS), LONGEST_DELAY)
        return backoff * random.uniform(0.75, 1.25)


WAIT_FOR_SERVICE = RetryPolicy(delay=1.0)
"""For `Unavailable`: capped below, so that a service that is back is noticed within half a minute."""

LONGEST_WAIT_FOR_SERVICE = 30.0
"""Seconds."""


def service_delay(tries: int) -> float:
    """Seconds until a job looks again whether the service it needs is back."""
    return min(WAIT_FOR_SERVICE.delay_after(tries), LONGEST_WAIT_FOR_SERVICE)
