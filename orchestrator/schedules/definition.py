"""A schedule: what is submitted again and again, and what became of it so far, as Redis keeps both."""

import hashlib
import math
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from orchestrator import admission
from orchestrator.blobs import INLINE
from orchestrator.calls.once import NAME as TENANT
from orchestrator.errors import UsageError
from orchestrator.graph import Pipeline
from orchestrator.schedules.ticks import Timetable
from orchestrator.views import iso

CATCH_UP = ("latest", "all", "none")
"""What is run of the ticks that were missed: the latest one, all (the last hundred), or none."""
OVERLAP = ("allow", "skip")
"""What happens at a tick while the last document has not ended: another is submitted, or none."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
TICK = "tick"
"""A pipeline's parameter of this name is given the tick (ISO 8601, of its zone), unless the schedule names a value."""


class Schedule(msgspec.Struct, frozen=True):
    """What is submitted, and when.

    Args:
        cron: five fields, six with seconds first, or a nickname such as `@daily`.
        zone: time zone of the cron expression.
        deadline: seconds from submission in which each document must have ended; None takes the pipeline's.
        catch_up: of the ticks missed while nothing ran; see `CATCH_UP`.
        overlap: while the document before has not ended; see `OVERLAP`.
    """

    name: str
    cron: str
    pipeline: str
    parameters: dict[str, Any] = {}
    zone: str = "UTC"
    priority: int = admission.USUAL
    tenant: str = "default"
    lanes: dict[str, str] = {}
    deadline: float | None = None
    catch_up: str = "latest"
    overlap: str = "allow"

    def check(self, pipeline: Pipeline) -> None:
        """Refuse what could never run.

        Raises:
            UsageError: the text says what is wrong, and what can be.
        """
        if not NAME.fullmatch(self.name):
            raise UsageError(f"schedule {self.name[:70]!r}: a name has letters, digits, '_', '.' and '-', at most 64")
        if not TENANT.fullmatch(self.tenant):
            raise UsageError(f"tenant {self.tenant[:40]!r} may have letters, digits and signs, no spaces, at most 128")
        for what, word, words in (("catch_up", self.catch_up, CATCH_UP), ("overlap", self.overlap, OVERLAP)):
            if word not in words:
                raise UsageError(f"{what} {word!r} is not possible: use one of {', '.join(words)}", what)
        if self.deadline is not None:
            admission.deadline(self.deadline)
        self.input_for(pipeline, 0.0)

    def input_for(self, pipeline: Pipeline, moment: float) -> tuple[bytes, str]:
        """The input of the document that is due at a moment, checked and encoded, and the steps that it leaves out.

        Raises:
            UsageError: the pipeline does not take it, or no longer.
        """
        if "source" in pipeline.parameters:
            raise UsageError(
                f"pipeline {pipeline.name!r} takes a file, and a schedule submits parameters only: give it a pipeline whose "
                "first step fetches the file"
            )
        admission.check(pipeline, self.priority, self.lanes)
        ticking = {TICK: self.timetable.local(moment).isoformat()} if TICK in pipeline.parameters else {}
        given = ticking | self.parameters
        value = pipeline.input_json(given)
        if len(value) > INLINE:
            raise UsageError(
                f"the parameters are {len(value)} bytes, and a schedule may have {INLINE}: store them elsewhere"
            )
        try:
            return value, pipeline.unwanted(given)
        except Exception as problem:  # a condition is a user's own function
            raise UsageError(f"pipeline {pipeline.name!r}: a condition cannot be asked: {problem!r}") from problem

    @property
    def timetable(self) -> Timetable:
        """When it is due."""
        return Timetable(self.cron, self.zone)

    @property
    def fields(self) -> dict[str, str]:
        """As Redis keeps it; what is not given is not there."""
        lanes = " ".join(f"{step}={lane}" for step, lane in self.lanes.items())
        parameters = msgspec.json.encode(self.parameters, order="deterministic").decode()
        fields = {"cron": self.cron, "zone": self.zone, "pipeline": self.pipeline, "parameters": parameters}
        fields |= {"priority": str(self.priority), "tenant": self.tenant, "lanes": lanes}
        deadline = "" if self.deadline is None else str(int(self.deadline * 1000))
        fields |= {"deadline": deadline, "catch_up": self.catch_up, "overlap": self.overlap}
        return {name: value for name, value in fields.items() if value}

    @property
    def revision(self) -> str:
        """A digest of the definition: another one is another schedule of the same name."""
        return hashlib.sha256(msgspec.json.encode(self.fields, order="deterministic")).hexdigest()[:16]


class Scheduled(msgspec.Struct):
    """A schedule that is kept, and what became of it; times are ISO 8601, UTC."""

    schedule: Schedule
    next_at: str | None
    """None where it is paused, or never due again."""
    paused_at: str | None
    added_at: str | None
    last_at: str | None
    """The last tick."""
    outcome: str | None
    """What became of that: queued, skipped, missed or failed."""
    document: str | None
    """The last one that it submitted."""
    error: str | None
    """Why the last tick failed."""
    ran: int = 0
    skipped: int = 0
    missed: int = 0
    failed: int = 0

    @classmethod
    def of(cls, name: str, fields: Mapping[str, str], due: float) -> "Scheduled":
        """Compose it of the fields of `schedule:<name>` and the time of its next tick (seconds, inf for none)."""
        return cls(
            schedule=definition_of(name, fields),
            next_at=iso(str(round(due * 1000))) if math.isfinite(due) else None,
            paused_at=iso(fields.get("paused")),
            added_at=iso(fields.get("added")),
            last_at=iso(fields.get("last")),
            outcome=fields.get("outcome"),
            document=fields.get("document"),
            error=fields.get("error"),
            ran=int(fields.get("ran", 0)),
            skipped=int(fields.get("skipped", 0)),
            missed=int(fields.get("missed", 0)),
            failed=int(fields.get("failed", 0)),
        )


def definition_of(name: str, fields: Mapping[str, str]) -> Schedule:
    """What `Schedule.fields` wrote.

    Raises:
        UsageError: someone else wrote it.
    """
    try:
        return Schedule(
            name=name,
            parameters=msgspec.json.decode(fields["parameters"], type=dict[str, Any]),
            priority=int(fields["priority"]),
            lanes=dict(pair.split("=", 1) for pair in fields.get("lanes", "").split()),  # pyright: ignore
            deadline=int(fields["deadline"]) / 1000 if "deadline" in fields else None,
            **{what: fields[what] for what in ("cron", "pipeline", "zone", "tenant", "catch_up", "overlap")},
        )
    except (ValueError, KeyError) as problem:  # msgspec's own are ValueErrors
        raise UsageError(f"schedule {name!r} cannot be read ({problem!r}): remove it, and add it again") from None
