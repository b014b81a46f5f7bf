"""Named failpoints: places between two calls where a test may kill, stop or delay the process. Off unless armed.

`DOCMILL_FAILPOINTS="slot.claimed=kill@2 slot.ran=delay:1.5"`: at the second time that `slot.claimed` is passed the process
kills itself; `slot.ran` waits 1.5 s each time. Acts: kill (SIGKILL), stop (SIGSTOP), exit (code 3), raise, delay:SECONDS.

The names, in the order of one job's road: `submit.stored` (input in the blob store, nothing in Redis), `slot.claimed`,
`slot.ran` (output made, nothing said), `slot.items` (a part of a list stored), `slot.blob` (a large output stored),
`cache.copied` (an entry's blobs written, the entry not), `cache.taken` (entries gone, their blobs not),
`slot.answered` (complete was answered), `supervisor.reaped` (a slot's death seen, nothing said),
`purge.taken`, `purge.deleted` (blobs gone, keys not), `schedule.read` (what is due was read, nothing done),
`schedule.known` (its pipeline registered), `schedule.made` (a tick was made), `batch.chunk` (some of a batch's lines are in),
`delete.results` (files and rows gone, nothing else), `delete.marked` (it is marked), `delete.files` (blobs gone, keys not).
"""

import os
import signal
import time
from collections import Counter

_armed: dict[str, tuple[str, int]] = {}
_passed: Counter[str] = Counter()


def arm(text: str) -> None:
    """Arm what `text` says, and nothing else."""
    _armed.clear()
    _passed.clear()
    for part in text.split():
        name, _, act = part.partition("=")
        act, _, when = act.partition("@")
        _armed[name] = (act, int(when or 0))


def failpoint(name: str) -> None:
    """Pass a failpoint: nothing happens unless it is armed."""
    if not _armed or name not in _armed:
        return
    act, when = _armed[name]
    _passed[name] += 1
    if when and _passed[name] != when:
        return
    _do(name, act)


def _do(name: str, act: str) -> None:
    if act == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif act == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif act == "exit":
        os._exit(3)
    elif act == "raise":
        raise RuntimeError(f"failpoint {name}")
    elif act.startswith("delay:"):
        time.sleep(float(act.removeprefix("delay:")))


arm(os.environ.get("DOCMILL_FAILPOINTS", ""))
