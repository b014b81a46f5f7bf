"""Celery's virtual environment: made on the first run, made anew when its packages change."""

import subprocess
import sys
from pathlib import Path

from benchmarks.processes import ROOT

PACKAGES = ("celery[redis]==5.7.0", "kombu==5.7.0", "redis[hiredis]==8.1.0", "fastapi==0.165.0", "uvicorn==0.54.0")
FOLDER = ROOT / ".venv-celery"


def celery_python() -> Path:
    """The interpreter that has Celery."""
    python, mark, wanted = FOLDER / "bin" / "python", FOLDER / "packages.txt", "\n".join(PACKAGES)
    if not mark.exists() or mark.read_text() != wanted:
        print(f"making Celery's environment in {FOLDER}", file=sys.stderr)
        _run(sys.executable, "-m", "venv", "--clear", str(FOLDER))
        _run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES)
        mark.write_text(wanted)  # last: a half-made environment is made again
    return python


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"Celery's environment could not be made ({' '.join(command)}):\n{done.stderr}")
