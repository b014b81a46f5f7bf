"""Finds out what a PDF unpacks to where it does no harm: a few kilobytes may hold gigabytes, and PDFium knows no bound."""

import subprocess
import sys
from pathlib import Path

from orchestrator import Fatal

PROBE = Path(__file__).with_name("probe.py")
TIMES = 8
"""Bytes of memory that PDFium may take for one that a stream unpacks to."""
SECONDS = 60
"""Of the processor's time."""
BROKEN = 1
"""How the interpreter ends where the probe itself is at fault."""
MEBIBYTE = 1 << 20


def refuse_bomb(path: Path, name: str, most: int) -> None:
    """See to it that opening a PDF fills no memory.

    Args:
        most: bytes that one of its streams may unpack to.

    Raises:
        Fatal: it would.
    """
    told = (str(path), str(most), str(most * TIMES), str(SECONDS))
    try:
        # A page that waits for the disk counts for nothing, so it may take a while longer by the clock.
        done = subprocess.run(
            [sys.executable, "-I", str(PROBE), *told], capture_output=True, text=True, timeout=SECONDS * 4, check=False
        )
    except subprocess.TimeoutExpired:
        raise _bomb(name, most) from None
    if done.returncode == BROKEN:
        raise RuntimeError(f"the probe of PDF files failed: {done.stderr[-500:]}")
    if done.returncode:
        raise _bomb(name, most)


def _bomb(name: str, most: int) -> Fatal:
    memory = f"{most * TIMES // MEBIBYTE} MiB"
    return Fatal(
        f"{name}: the PDF unpacks to more than {most // MEBIBYTE} MiB in one piece, or takes more than {memory} or {SECONDS} "
        "s to open (DOCMILL_MAX_UNPACKED): it is a mistake, or made to fill the memory"
    )
