"""What the works keep in mind: which documents are open, which leases hold, how often a job was unlucky; and the ledger."""

from orchestrator.calls import Leased
from orchestrator.graph import Pipeline
from tests.observing.acts import followers_of, made_as, name_of
from tests.observing.ledger import Ledger


class Books:
    """Kept by what was done."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.open: dict[str, Pipeline] = {}
        self.ended: dict[str, tuple[Pipeline, str]] = {}
        self.lives: dict[str, int] = {}
        self.tenants: dict[str, str] = {}
        self.doomed: dict[str, str] = {}
        """Documents that end every process that runs a job of theirs, and how."""
        self.valid: dict[str, str] = {}
        """Job -> the token of the lease that holds."""
        self._tallies: dict[tuple[str, str], int] = {}

    def submitted(self, pipeline: Pipeline, document: str, priority: int, tenant: str) -> None:
        """A document was accepted."""
        self.open[document], self.tenants[document] = pipeline, tenant
        self.ledger.note("documents_submitted", pipeline=name_of(pipeline), priority=str(priority))

    def end(self, document: str, status: str) -> None:
        """A document reached a final state."""
        pipeline = self.open.pop(document)
        self.ended[document] = pipeline, status
        self.valid = {job: token for job, token in self.valid.items() if not job.startswith(f"{document}/")}
        made = made_as(document)
        if made == "hook":
            self.ledger.note("webhook_deliveries", outcome=status)
        elif made == "finish":
            self.ledger.note("followups_finished", pipeline=name_of(pipeline), outcome=status)
        else:
            self.ledger.note("documents_finished", pipeline=name_of(pipeline), outcome=status)
            self.ledger.note("document_duration_seconds", pipeline=name_of(pipeline))
        tenant, life = self.tenants.get(document, ""), self.lives.get(document, 0)
        self.open |= dict(followers_of(document, pipeline, life, tenant))

    def revived(self, document: str) -> None:
        """An ended document goes on; its attempts begin anew."""
        pipeline, status = self.ended.pop(document)
        self.open[document] = pipeline
        self.doomed.pop(document, None)
        self.lives[document] = self.lives.get(document, 0) + 1
        self._tallies = {of: n for of, n in self._tallies.items() if not of[0].startswith(f"{document}/")}
        self.ledger.note("documents_revived", pipeline=name_of(pipeline), outcome=status)

    def is_valid(self, job: Leased) -> bool:
        """Whether the lease holds."""
        return self.valid.get(job.job) == job.token

    def late(self, job: Leased) -> str:
        """The verdict on a call about a lease that does not hold."""
        if job.document in self.ended:
            return "ended"
        return "stale" if job.document in self.open else "gone"

    def run_ended(self, job: Leased, outcome: str) -> None:
        """A run ended in another way than well."""
        self.valid.pop(job.job)
        self.ledger.note("step_runs", pipeline=job.pipeline.partition("@")[0], step=job.step, outcome=outcome)

    def job_failed(self, job: Leased, error: str) -> None:
        """A job failed, and its document with it."""
        self.error(job, error, "failed")
        self.end(job.document, "failed")

    def error(self, job: Leased, error: str, outcome: str) -> None:
        """A step met an error."""
        word = "what" if error.startswith("what") else error
        name = job.pipeline.partition("@")[0]
        self.ledger.note("step_errors", pipeline=name, step=job.step, error_class=word, outcome=outcome)

    def tally(self, job: Leased, what: str) -> int:
        """How often that has happened to the job by now."""
        self._tallies[job.job, what] = self._tallies.get((job.job, what), 0) + 1
        return self._tallies[job.job, what]
