"""`notify`: run when a document has ended, however it ended."""

from orchestrator import Finished, step


@step(lane="cpu")
def notify(finished: Finished) -> None:
    """Log one line."""
    import structlog

    structlog.get_logger("docmill.notify").info(
        "document ended", document=finished.id, status=finished.status, pipeline=finished.pipeline
    )
