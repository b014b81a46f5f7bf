"""One submission of a command line, from its file (if its pipeline takes one) to its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestrator.cli.options import Submission

if TYPE_CHECKING:
    from orchestrator.client import Mill
    from orchestrator.views import Document


@dataclass
class Entry:
    """A file, or none, and the document that it became; `error` where it became none."""

    path: Path | None
    submission: Submission
    id: str | None = None
    document: "Document | None" = None
    error: str | None = None

    @property
    def name(self) -> str:
        """For people."""
        return self.submission.pipeline if self.path is None else self.path.name or str(self.path)

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self.error is not None or (self.document is not None and self.document.is_final)

    @property
    def status(self) -> str:
        """The document's, or `failed` where there is none."""
        return self.document.status if self.document else "failed" if self.error else "queued"

    @property
    def reason(self) -> str | None:
        """Why it failed."""
        return self.error or (self.document.error if self.document else None)

    @property
    def seconds(self) -> float | None:
        """From submission to the end."""
        document = self.document
        if document is None or document.finished_at is None:
            return None
        ended, begun = map(datetime.fromisoformat, (document.finished_at, document.submitted_at))
        return (ended - begun).total_seconds()

    @property
    def _file(self) -> str | None:
        return None if self.path is None else str(self.path)

    async def submit(self, mill: "Mill") -> None:
        """Submit the file; one that cannot be read keeps the reason instead.

        Raises:
            UsageError: the options cannot be, for this file or any other.
        """
        chosen = self.submission
        options: dict[str, Any] = {"priority": chosen.priority, "lanes": chosen.lanes, "deadline": chosen.deadline}
        options |= {"delay": chosen.delay, "not_before": chosen.not_before, "tenant": chosen.tenant}
        if self.path is None:
            self.id = await mill.submit(chosen.pipeline, chosen.parameters, **options)
            return
        options |= {"pipeline": chosen.pipeline, "parameters": chosen.parameters}
        try:
            with self.path.open("rb") as content:
                self.id = await mill.submit_file(self.name, content, **options)
        except FileNotFoundError:
            self.error = "no such file"
        except OSError as problem:
            self.error = f"cannot be read: {problem.strerror or problem}"

    def as_json(self) -> dict[str, Any]:
        """The document with its file; the same fields where there is no document."""
        import msgspec

        if self.document is not None:
            return {"file": self._file} | msgspec.to_builtins(self.document)
        empty: dict[str, Any] = {
            "submitted_at": None,
            "finished_at": None,
            "steps": [],
            "outputs": {},
            "error": self.error,
        }
        chosen = self.submission
        return {
            "file": self._file,
            "id": self.id,
            "status": self.status,
            "pipeline": chosen.pipeline,
            "priority": chosen.priority,
        } | empty


def entries_of(files: Sequence[Path], submission: Submission) -> list[Entry]:
    """One for each file; without any, one that has none."""
    return [Entry(path, submission) for path in files or [None]]
