"""A slot must not outlive its supervisor: nobody would renew its leases, and nobody would stop it."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1


def tie_to_parent(parent: int) -> None:
    """End with the parent: the kernel kills this process when the thread that spawned it ends.

    Args:
        parent: its pid, as it told us; if it is gone already, so are we.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)
