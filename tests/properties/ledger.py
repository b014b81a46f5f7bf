"""What was promised to whom: leases as they were given, outputs as they were accepted."""

from dataclasses import dataclass, field
from typing import Any

from orchestrator.calls import Leased

Output = str | list[str]


@dataclass(frozen=True)
class Accepted:
    """One accepted completion."""

    token: str
    life: int
    """Of its document: how often that had been revived."""
    value: Output
    unwanted: tuple[str, ...]


@dataclass
class Ledger:
    """Of every job."""

    tokens: dict[str, int] = field(default_factory=dict[str, int])
    """The last that was given."""
    accepted: dict[str, Accepted] = field(default_factory=dict[str, Accepted])
    """The last completion of each job."""
    running: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    """(job, token) -> the limit that it holds, of every run that has not ended and whose lease was not lost."""
    checkpoints: dict[str, tuple[int, bytes]] = field(default_factory=dict[str, tuple[int, bytes]])
    """The last that each job kept, and in which life of its document."""

    def lease(self, job: Leased, limit: str) -> None:
        """A job was given out: its fence is above all before it."""
        assert int(job.token) > self.tokens.get(job.job, 0), f"{job.job}: the fence went back"
        self.tokens[job.job] = int(job.token)
        self.running[job.job, job.token] = limit

    def accept(self, job: Leased, life: int, value: Output, unwanted: tuple[str, ...]) -> None:
        """A completion was accepted: once in each life, and of the last lease only."""
        before = self.accepted.get(job.job)
        assert before is None or before.life < life, f"{job.job} was done twice"
        assert self.tokens[job.job] == int(job.token), f"{job.job} was done by a lease that was not the last"
        self.accepted[job.job] = Accepted(job.token, life, value, unwanted)

    def end(self, job: Leased) -> None:
        """That run is over, whatever came of it."""
        self.running.pop((job.job, job.token), None)

    def holders(self, limit: str) -> set[str]:
        """The jobs that run under a limit now; one that was revived while its cancelled run was still ending is one."""
        return {job for (job, _), name in self.running.items() if name == limit}

    def value(self, job: str) -> Any:
        """The last accepted output."""
        return self.accepted[job].value
