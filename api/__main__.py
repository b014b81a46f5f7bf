"""`python -m api`: one API process."""

import argparse
import asyncio
import sys

import uvicorn

from api.app import create_app, redis_url
from api.inputs import is_loopback
from api.listening import Listening
from api.serving import Serving, bound
from orchestrator import tracing
from orchestrator.access.keeping import Keyring
from orchestrator.connection import Asynchronous, check_server
from orchestrator.errors import DocmillError, UsageError
from orchestrator.logs import configure_logs, logger
from orchestrator.settings import load_settings

CANNOT_START = 2
GRACE = 5
"""Seconds that open requests get when the process is told to end; who waits longer asks again elsewhere."""


def main() -> int:
    """Serve until SIGTERM or SIGINT; 2 where it cannot start, with one line that says why."""
    options = _options()
    try:
        settings = load_settings()
        configure_logs(settings)
        url = redis_url(settings)
        for warning in check_server(url):
            logger(__name__).warning("Redis is not safe", why=warning)
        refuse_open(url, options.host)
        app = create_app(settings.model_copy(update={"redis_url": url}), options.host)
        listening = bound(options.host, options.port)
    except DocmillError as problem:
        print(f"docmill api cannot start: {problem}", file=sys.stderr)
        return CANNOT_START
    config = uvicorn.Config(
        app,
        http=Listening,
        log_config=None,  # its loggers speak through docmill's; requests are told of in api.requests
        access_log=False,
        proxy_headers=False,  # nobody's address is looked at
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    tracing.begin("docmill-api")
    logger(__name__).info("api started", host=options.host, port=options.port)
    try:
        Serving(app, config).run([listening])
    finally:
        tracing.end()
    logger(__name__).info("api ended")
    return 0


def refuse_open(url: str, host: str) -> None:
    """Let nobody serve a network without keys; blocking.

    Raises:
        UsageError: others reach it, and there is no API key.
    """
    if is_loopback(host) or asyncio.run(_has_keys(url)):
        return
    raise UsageError(
        f"at {host} others reach it, and there is no API key: make one first (docmill keys create --tenant NAME "
        "--scopes submit,read), or let it listen to this machine only (--host 127.0.0.1)"
    )


async def _has_keys(url: str) -> bool:
    transport = Asynchronous(url)
    try:
        return await Keyring(transport).exists()
    finally:
        await transport.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m api", description="The REST API of docmill, and its live page.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to bind to (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8700, help="the port to bind to (8700)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
