"""Pipelines whose steps go wrong where a test says so. Their graphs, and so their ids, stay what they were."""

import os
import signal
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, NoReturn

from orchestrator.calls import Call, DutyCalls
from orchestrator.connection import Blocking
from orchestrator.context import Context
from orchestrator.errors import UsageError
from orchestrator.graph import Pipeline, Step
from orchestrator.keys import Keys, shard_of
from worker.testing.faults import Fault, Faults

LONG_AGO = 1
"""ms of the epoch: a lease that ended then is lost."""


class SlotKilled(BaseException):
    """What stands for SIGKILL inside the test's own process: no step catches it."""


def die_in_process() -> NoReturn:
    """End the step as a death would, and nothing else.

    Raises:
        SlotKilled: always.
    """
    raise SlotKilled


def die() -> None:
    """End this process, as a crash of a library would."""
    os.kill(os.getpid(), signal.SIGKILL)


class Instruments:
    """Wraps the steps of pipelines.

    Args:
        kill: what a death is in this process.
    """

    def __init__(self, faults: Faults, kill: Callable[[], object]) -> None:
        self._faults, self._kill = faults, kill

    def pipeline(self, pipeline: Pipeline) -> Pipeline:
        """The same pipeline, with steps that look for their faults first."""
        calls = {name: replace(call, step=self._step(name, call.step)) for name, call in pipeline.calls.items()}
        values = {one.name: getattr(pipeline, one.name) for one in fields(pipeline)}
        followers = {name: self.pipeline(value) for name, value in values.items() if isinstance(value, Pipeline)}
        return replace(pipeline, calls=calls, **followers)

    def _step(self, name: str, step: Step[Any]) -> Step[Any]:
        def run(**arguments: Any) -> Any:
            strike = self._begin(name, step, arguments)
            value = step.function(**arguments)
            strike.end()
            return value

        async def run_async(**arguments: Any) -> Any:
            strike = self._begin(name, step, arguments)
            value = await step.function(**arguments)
            strike.end()
            return value

        return replace(step, function=run_async if step.is_async else run, wants_context=True)

    def _begin(self, name: str, step: Step[Any], arguments: dict[str, Any]) -> "Strike":
        ctx = arguments.pop("ctx")
        strike = Strike(name, self._faults.take(name), ctx, self._kill)
        if step.wants_context:
            arguments["ctx"] = Watched(ctx, strike) if strike.waits else ctx
        strike.at("start")
        return strike


class Strike:
    """The fault of one run, if it has one.

    Args:
        ctx: of the run.
        kill: what a death is here.
    """

    def __init__(self, step: str, fault: Fault | None, ctx: Context, kill: Callable[[], object]) -> None:
        self._step, self._fault, self._ctx, self._kill = step, fault, ctx, kill

    @property
    def waits(self) -> bool:
        """Whether the fault is still to come."""
        return self._fault is not None

    def at(self, point: str) -> None:
        """The run has come to that point.

        Raises:
            BaseException: what the test wants raised here.
        """
        fault = self._fault
        if fault is None or fault.point != point:
            return
        self._fault = None
        if fault.kind == "kill":
            self._kill()
        elif fault.kind == "lose":
            lose_lease(self._ctx)
        elif fault.error is not None:
            raise fault.error

    def end(self) -> None:
        """The step has returned.

        Raises:
            UsageError: the run never came to the point of its fault.
        """
        self.at("end")
        if self._fault is not None:
            raise UsageError(
                f"the fault at {self._fault.point!r} did not strike: step {self._step!r} makes no such call"
            )


class Watched:
    """A `ctx` that tells when a call of it has returned."""

    def __init__(self, ctx: Context, strike: Strike) -> None:
        self._ctx, self._strike = ctx, strike

    def __getattr__(self, name: str) -> Any:
        """As of the `ctx` itself."""
        found = getattr(self._ctx, name)
        if not callable(found):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            value = found(*args, **kwargs)
            self._strike.at(name)
            return value

        return call


def lose_lease(ctx: Context) -> None:
    """Let the lease of a running job run out, as if nobody had renewed it: its job goes back to its lane."""
    assert ctx.settings.redis_url is not None
    keys, transport = Keys(shard_of(ctx.id)), Blocking(ctx.settings.redis_url, patience=5)
    expire = Call(("ZADD",), (keys.named("leases"), "XX", "CH", LONG_AGO, ctx.job), int)
    while transport.send(expire) and not transport.send(DutyCalls(keys).sweep()).requeued:
        pass  # its supervisor renewed it in between
    transport.close()
