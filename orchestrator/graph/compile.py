"""Compile a recorded pipeline to flat fields: Lua follows them and never parses a payload.

The fields are described in `lua/README.md` under `pipeline:<id>`.
"""

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from orchestrator.graph.failing import Partial, allowed
from orchestrator.graph.nodes import Call
from orchestrator.graph.types import readable

if TYPE_CHECKING:
    from orchestrator.graph.pipeline import Pipeline


def compile_plan(pipeline: "Pipeline") -> dict[str, str]:
    """The flat fields of one pipeline, all text."""
    calls = pipeline.calls
    followers = {name: [c.name for c in calls.values() if name in c.upstream] for name in calls}
    listed = {c.over for c in calls.values() if c.over is not None} | {c.name for c in calls.values() if c.over}
    plan = {
        "name": pipeline.name,
        "version": pipeline.version,
        "steps": " ".join(calls),
        "first": " ".join(name for name, call in calls.items() if not call.upstream),
        "sinks": " ".join(name for name in calls if not followers[name]),
        "listed": " ".join(name for name in calls if name in listed),
        "result": pipeline.result,
        "retention": str(int(pipeline.retention * 1000)),
        "parameters": " ".join(f"{name}:{readable(of)}" for name, of in pipeline.parameters.items()).replace(", ", ","),
    }
    if pipeline.on_finish is not None:
        plan["on_finish"] = pipeline.on_finish.id
    policies = [call.step.on_failure for call in calls.values()]
    plan["allows"] = "1" if any(allowed(policy) for policy in policies) else ""
    plan["lanes"] = " ".join(dict.fromkeys(call.step.lane for call in calls.values()))
    plan["guarded"] = "1" if any(call.guard for call in calls.values()) else ""
    plan["order"] = "document" if pipeline.order == "document" else ""
    plan["retention_failed"] = str(int(pipeline.retention_failed * 1000))
    plan["cost"] = str(pipeline.cost) if pipeline.cost > 1 else ""
    plan["max_started"] = str(pipeline.max_started or "")
    plan["forget"] = "" if pipeline.keep_result else "1"
    plan["partial"] = "1" if any(isinstance(policy, Partial) for policy in policies) else ""
    for name, call in calls.items():
        plan |= _step_fields(call, listed) | {f"after:{name}": _after(followers[name], calls)}
    return {field: value for field, value in plan.items() if value}


def _after(followers: list[str], calls: dict[str, Call]) -> str:
    """What follows a step, "name lane kind input,input" for each: all that Lua needs to start it."""
    return " ".join(
        f"{name} {calls[name].step.lane} {_kind(calls[name], calls)} {','.join(calls[name].upstream)}"
        for name in followers
    )


def _needs(call: Call, listed: set[Any]) -> list[str]:
    """The fields of `data` that a claim brings: the pipeline's parameters, and the outputs of plain steps."""
    whole = [a.source for a in call.arguments.values() if a.kind == "step" and a.source not in listed]
    takes_input = any(a.kind == "input" for a in call.arguments.values())
    return list(dict.fromkeys((["input"] if takes_input else []) + whole))


def _kind(call: Call, calls: dict[str, Call]) -> str:
    """`plain`, `over` (a map over a list), or `chain` (a map over a mapped step: each item starts when its input is done)."""
    if call.over is None:
        return "plain"
    return "chain" if calls[call.over].over is not None else "over"


def _step_fields(call: Call, listed: set[Any]) -> dict[str, str]:
    """One step's own fields."""
    limits, batch = call.step.limits, call.step.batch
    fields = {
        "lane": call.step.lane,
        "retries": str(call.step.retry.retries),
        "model": call.step.model or "",
        "hard": _milliseconds(limits.hard),
        "wait": _milliseconds(limits.wait),
        "total": _milliseconds(limits.total),
        "batch": str(batch.max_size) if batch else "",
        "batch_key": call.arguments[batch.key].source if batch and batch.key in call.arguments else "",
        "allows": allowed(call.step.on_failure),
        "over": call.over or "",
        "guard": _guard(call),
        "limit": call.step.concurrency.words(call.step.name) if call.step.concurrency else "",
        "ahead": str(call.step.max_ahead or ""),
        "needs": ",".join(_needs(call, listed)),
        "call": call.step.name + "/" + call.step.version + _arguments(call),
    }
    return {f"{field}:{call.name}": value for field, value in fields.items()}


def _milliseconds(seconds: float | None) -> str:
    return "" if seconds is None else str(int(seconds * 1000))


def _arguments(call: Call) -> str:
    """The arguments in words, constants by value: so that a change of one changes the pipeline's id."""
    words = [
        f"{name}={a.kind}:{a.source or msgspec.json.encode(a.value).decode()}" for name, a in call.arguments.items()
    ]
    return "(" + ",".join(words) + ")" + (call.guard.words if call.guard else "")


def _guard(call: Call) -> str:
    """The step whose output decides whether it runs, or `input`."""
    if call.guard is None:
        return ""
    return call.guard.source if call.guard.kind == "step" else "input"


def plan_id(name: str, plan: dict[str, str]) -> str:
    """`name@` and eight hex digits of the plan's digest."""
    graph = {field: value for field, value in plan.items() if field != "version"}  # a label for people
    digest = hashlib.sha256(msgspec.json.encode(sorted(graph.items()))).hexdigest()
    return f"{name}@{digest[:8]}"
