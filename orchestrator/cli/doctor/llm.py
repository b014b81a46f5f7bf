"""Does an LLM answer, and does it have the model?"""

import importlib.util
import urllib.error
import urllib.request
from typing import Any

import msgspec

from orchestrator.cli.doctor.finding import Finding, fail, ok, warn
from orchestrator.embedded.folder import Folder
from orchestrator.embedded.llm import LLMServer, is_healthy
from orchestrator.embedded.parts import needs_llm
from orchestrator.embedded.weights import weights_path
from orchestrator.registry import Registry
from orchestrator.settings import Settings

ANSWER = 5.0
"""Seconds."""


def check_llm(settings: Settings, registry: Registry) -> list[Finding]:
    """The configured server, else the embedded one; nothing where no pipeline asks for one."""
    if settings.llm_url is not None:
        return [_check_configured(settings.llm_url, settings)]
    return _check_embedded(settings) if needs_llm(registry) else []


def _check_configured(url: str, settings: Settings) -> Finding:
    try:
        known = _models(url, settings.llm_api_key)
    except urllib.error.HTTPError as problem:
        return fail(
            "llm", f"{url} answers {problem.code} {problem.reason}", "check DOCMILL_LLM_URL, DOCMILL_LLM_API_KEY"
        )
    except (urllib.error.URLError, OSError, ValueError) as problem:
        return fail("llm", f"{url} does not answer: {problem}", "start the server, or correct DOCMILL_LLM_URL (…/v1)")
    if settings.llm_model not in known:
        has = ", ".join(known) or "none"
        return fail("llm", f"{url} has no model {settings.llm_model!r}", f"set DOCMILL_LLM_MODEL to one of: {has}")
    return ok("llm", f"{url} serves {settings.llm_model}")


def _models(url: str, key: str) -> list[str]:
    request = urllib.request.Request(f"{url.rstrip('/')}/models", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=ANSWER) as answer:
        listed: dict[str, Any] = msgspec.json.decode(answer.read())
    return [str(model["id"]) for model in listed.get("data", ())]


def _check_embedded(settings: Settings) -> list[Finding]:
    if importlib.util.find_spec("xllamacpp") is None:
        fix = 'pip install "docmill[embedded]", or set DOCMILL_LLM_URL'
        return [fail("llm", "none is configured, and the embedded one is not installed", fix)]
    if not weights_path(settings.data_dir).exists():
        return [
            warn("llm", "the embedded server's weights are not here yet", "the next docmill up downloads them, 93 MB")
        ]
    server = LLMServer(Folder.of(settings.data_dir))
    if not server.program.is_running or server.url is None:
        return [ok("llm", "the embedded server is installed; it starts with docmill up or process")]
    if not is_healthy(server.url):
        return [fail("llm", f"the embedded server at {server.url} does not answer", "docmill down, then docmill up")]
    return [ok("llm", f"the embedded server answers at {server.url}")]
