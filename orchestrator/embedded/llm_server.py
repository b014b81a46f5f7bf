"""The embedded LLM server: llama.cpp's own OpenAI-compatible one, on a small model, in a process of its own.

    python -m orchestrator.embedded.llm_server --host 127.0.0.1 --port 7870 --model x.gguf --alias smollm2

It prints one line when it serves, and runs until SIGTERM. Whoever starts it sees to it that it does not outlive them.
"""

import argparse
import os
import signal
import sys
from typing import Any

from orchestrator.errors import MissingPart

PARALLEL = 2
"""Requests at a time; more wait in the server."""
CONTEXT = 2048
"""Tokens a request, prompt and answer together: on a CPU a prompt of 4,000 tokens takes a quarter of a minute."""

PROMPT_CACHE = 256
"""MiB of old prompts kept in memory; llama.cpp's own default is 8 GiB."""


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    options = _options()
    stop = {signal.SIGTERM, signal.SIGINT}
    # Blocked before the server's threads start, so that they inherit it and only the wait below sees the signal.
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    try:
        server = start(options.host, options.port, options.model, options.alias)
    except (MissingPart, RuntimeError) as problem:
        sys.exit(f"the embedded LLM server cannot start: {problem}")
    print(f"serving {options.alias} at http://{options.host}:{options.port}/v1", flush=True)
    signal.sigwait(stop)
    assert server, "alive until here; it has no stop of its own, and its threads would keep the process"
    os._exit(0)


def start(host: str, port: int, model: str, alias: str) -> Any:
    """Start serving in this process; it serves when this returns.

    Raises:
        MissingPart: xllamacpp is not installed.
        RuntimeError: the model cannot be loaded, or the port is taken.
    """
    try:
        import xllamacpp  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as problem:
        raise MissingPart(
            f'the embedded LLM is not installed ({problem}): pip install "docmill[embedded]"'
        ) from problem
    library: Any = xllamacpp
    parameters = library.CommonParams()
    parameters.model.path = model
    parameters.model_alias = {alias}
    parameters.hostnames = [host]
    parameters.port = port
    parameters.n_parallel = PARALLEL
    parameters.n_ctx = PARALLEL * CONTEXT
    parameters.cpuparams.n_threads = _threads()
    parameters.cpuparams_batch.n_threads = _threads()
    parameters.cpuparams.poll = parameters.cpuparams_batch.poll = 0  # OCR needs the same cores: wait, do not spin
    parameters.cache_ram_mib = PROMPT_CACHE
    parameters.endpoint_metrics = True
    parameters.offline = True
    parameters.verbosity = 0
    return library.Server(parameters)


def _threads() -> int:
    return int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m orchestrator.embedded.llm_server")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--model", required=True, help="path of a .gguf file")
    parser.add_argument("--alias", default="smollm2", help="the model's name in the API")
    return parser.parse_args()


if __name__ == "__main__":
    main()
