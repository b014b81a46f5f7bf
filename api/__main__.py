"""`python -m api`: one API process."""

import argparse
import sys

import uvicorn

from api.app import create_app, redis_url
from orchestrator.connection import check_server
from orchestrator.errors import DocmillError
from orchestrator.logs import configure_logs, logger
from orchestrator.settings import load_settings

CANNOT_START = 2
GRACE = 5
"""Seconds that open requests get when the process is told to end; who waits longer asks again elsewhere."""


def main() -> int:
    """Serve until SIGTERM or SIGINT; 2 where it cannot start, with one line that says why."""
    options = _options()
    configure_logs()
    try:
        settings = load_settings()
        url = redis_url(settings)
        for warning in check_server(url):
            logger(__name__).warning("Redis is not safe", why=warning)
        app = create_app(settings.model_copy(update={"redis_url": url}), options.host)
    except DocmillError as problem:
        print(f"docmill api cannot start: {problem}", file=sys.stderr)
        return CANNOT_START
    uvicorn.run(
        app,
        host=options.host,
        port=options.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m api", description="The REST API of docmill.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to bind to (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8700, help="the port to bind to (8700)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
