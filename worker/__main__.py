"""`python -m worker`: a supervisor and its slots."""

import sys

from orchestrator import tracing
from orchestrator.connection import check_server
from orchestrator.errors import DocmillError, UsageError
from orchestrator.logs import configure_logs, identify, logger
from orchestrator.registry import load_registry
from orchestrator.settings import load_settings
from worker.duties import DutyThread
from worker.supervision import Supervisor
from worker.supervision.groups import parse_groups

CANNOT_START = 2


def main() -> None:
    """Run until told to stop."""
    settings = load_settings()
    configure_logs(settings)
    if settings.redis_url is None:
        raise UsageError(
            "a worker needs DOCMILL_REDIS_URL; `docmill worker` and `docmill up` set it for the private server"
        )
    for warning in check_server(settings.redis_url):
        logger(__name__).warning("unsafe", what=warning)
    registry = load_registry(settings)
    supervisor = Supervisor(settings.redis_url, settings, registry, parse_groups(settings.slots))
    identify(worker=supervisor.id)
    tracing.begin("docmill-worker")
    try:
        with DutyThread(settings.redis_url, settings, registry):
            supervisor.run()
    finally:
        tracing.end()


if __name__ == "__main__":
    try:
        main()
    except DocmillError as problem:
        print(f"docmill worker: {problem}", file=sys.stderr)
        sys.exit(CANNOT_START)
