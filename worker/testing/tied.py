"""`python -m worker.testing.tied PARENT COMMAND…`: becomes the command, and ends with its parent, however that ends.

A test run that is killed leaves nothing behind.
"""

import os
import sys

from worker.slots.parent import tie_to_parent


def tied(command: list[str]) -> list[str]:
    """The command that does the same as `command`, for as long as this process lives."""
    return [sys.executable, "-P", "-m", "worker.testing.tied", str(os.getpid()), *command]


if __name__ == "__main__":
    tie_to_parent(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])
