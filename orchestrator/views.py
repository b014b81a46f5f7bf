"""A document as people and programs see it, made of what Redis holds."""

import re
from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from orchestrator.lanes import overrides as lanes_of
from orchestrator.states import FINAL_DOCUMENT

FIELDS_OF_STEP = ("state", "run", "ready", "finished", "error", "progress", "items", "failed")


class Run(msgspec.Struct, frozen=True):
    """A job's last run, as its document keeps it in `<step>.run`."""

    token: str = "0"
    slot: str = ""
    deliveries: int = 0
    attempts: int = 0
    started: str | None = None
    apart: str = ""
    """How it must run from now on: `alone`, or in a `fresh` process; empty is as any other."""
    finished: str | None = None
    """When it was done."""

    @classmethod
    def parse(cls, text: str | None) -> "Run":
        """Read the field; a job that was never claimed has none."""
        if not text:
            return cls()
        token, slot, deliveries, attempts, started, *more = text.split()
        apart, finished = "".join(filter(str.isalpha, more)), next(filter(str.isdigit, more), None)
        return cls(token, slot, int(deliveries), int(attempts), started, apart, finished)


class StepView(msgspec.Struct, omit_defaults=True):
    """One step of a document; times are ISO 8601, UTC."""

    name: str
    state: str
    lane: str = ""
    attempts: int = 0
    deliveries: int = 0
    ready_at: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    done: int | None = None
    """Of a fan-out: items done; else what the step reported."""
    total: int | None = None
    failed: int = 0
    """Items of a fan-out that failed, where its step allows that."""
    error: str | None = None
    waits_for: str | None = None
    """Why a ready or delayed job does not run, where that can be said."""


class Document(msgspec.Struct):
    """A document: its state, its steps, and what came out."""

    id: str
    status: str
    pipeline: str
    priority: int
    tenant: str
    submitted_at: str
    started_at: str | None
    finished_at: str | None
    error: str | None
    steps: list[StepView]
    outputs: dict[str, Any]
    """By step; what is large is left out here and read through its own step."""
    log: list[str]
    flags: list[str] = []
    """What steps said of it: `needs_review`."""
    deadline_at: str | None = None
    """When it must have ended; None where it may take its time."""

    @property
    def is_final(self) -> bool:
        """Whether nothing moves it on any more."""
        return self.status in FINAL_DOCUMENT


def is_reference(output: Any) -> bool:
    """Whether an output of a document is left out there, being large: it is read through its own step."""
    return isinstance(output, dict) and list(cast("dict[str, Any]", output)) == ["blob"]


def iso(milliseconds: str | None) -> str | None:
    """A stored time as ISO 8601 in UTC."""
    if not milliseconds:
        return None
    return (
        datetime.fromtimestamp(int(milliseconds) / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def view_document(
    document: str,
    head: dict[str, str],
    plan: dict[str, str],
    outputs: dict[str, Any],
    done: dict[str, int],
    log: list[str],
) -> Document:
    """Compose the view.

    Args:
        head: the fields of `doc:<id>`.
        plan: the fields of `pipeline:<id>`.
        outputs: by step, decoded.
        done: items done, for each fan-out.
        log: oldest first.
    """
    return Document(
        id=document,
        status=head["status"],
        pipeline=head["pipeline"],
        priority=int(head["priority"]),
        tenant=head.get("tenant", ""),
        submitted_at=iso(head["submitted"]) or "",
        started_at=iso(head.get("started")),
        finished_at=iso(head.get("finished")),
        error=reason_of(head.get("error"), log),
        steps=[_view_step(name, head, plan, done.get(name), log) for name in plan.get("steps", "").split()],
        outputs=outputs,
        log=log,
        flags=head.get("flags", "").split(),
        deadline_at=iso(head.get("deadline")),
    )


def reason_of(error: str | None, log: list[str]) -> str | None:
    """Why a document failed, as the log's last line has it: the state itself has room for the error's class only."""
    step, _, kind = (error or "").partition(": ")
    text = told_of(step, kind, log) if kind else None
    if text is None:
        return error
    return f"{step}: {text}" if kind == "Fatal" else f"{error}: {text}"


def told_of(step: str, kind: str, log: list[str]) -> str | None:
    """What the log says last of an error of that class in that step."""
    line = rf"\d+ [^/ ]+/{re.escape(step)}(?:\[\d+\])? (?:fatal|attempt|wait): {re.escape(kind)}: (.*)"
    found = next(filter(None, (re.fullmatch(line, told, re.DOTALL) for told in reversed(log))), None)
    return " ".join(found[1].split()) if found else None


def _view_step(name: str, head: dict[str, str], plan: dict[str, str], done: int | None, log: list[str]) -> StepView:
    field = {key: head.get(f"{name}.{key}") for key in FIELDS_OF_STEP}
    overrides = lanes_of(head.get("lanes", ""))
    reported = (field["progress"] or "").partition("/")
    run = Run.parse(field["run"])
    mapped = f"over:{name}" in plan
    kind = field["error"] if field["state"] in {"failed", "delayed", "ready", "leased"} else None
    return StepView(
        name=name,
        state=field["state"] or "waiting",
        lane=overrides.get(name, plan.get(f"lane:{name}", "")),
        attempts=run.attempts,
        deliveries=run.deliveries,
        ready_at=iso(field["ready"] or run.started),  # what is taken as it becomes ready has no other time
        started_at=iso(run.started),
        finished_at=iso(field["finished"] or run.finished),
        done=done if mapped else int(reported[0]) if reported[0] else None,
        total=int(field["items"] or 0) if mapped and field["items"] else int(reported[2]) if reported[2] else None,
        failed=int(field["failed"] or 0),
        error=(told_of(name, kind, log) or kind) if kind else None,
    )
