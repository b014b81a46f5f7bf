"""Gathers an overview: eight round trips, more every few seconds, none of which grows with the backlog."""

from orchestrator.calls.overview import OverviewCalls
from orchestrator.client import Mill
from orchestrator.keys import Keys
from orchestrator.overview.costs import costs_of, waits_of
from orchestrator.overview.figures import Flow, Outcome
from orchestrator.overview.flights import MOST, read_flights
from orchestrator.overview.flow import flow_by_pipeline, flow_of, totals_of
from orchestrator.overview.lanes import lane_states
from orchestrator.overview.outcomes import outcome_of, runs_again
from orchestrator.overview.recent import read_recent
from orchestrator.overview.slowly import Slow, Slowly
from orchestrator.overview.verdicts import Facts, judge
from orchestrator.overview.views import Overview
from orchestrator.overview.waiting import read_waiting
from orchestrator.registry import Registry
from orchestrator.workforce import Workforce, read_workforce

Lines = list[dict[str, int]]


class Gathering:
    """Looks again and again.

    Args:
        mill: with a registry: it tells in which lane a step is, and whose documents do not count.
    """

    def __init__(self, mill: Mill) -> None:
        self._mill, self._slowly = mill, Slowly(mill)
        self._lane_of, self._left_out = _lanes_of(mill.registry), mill.registry.following

    async def look(self) -> Overview:
        """How it stands now.

        Raises:
            ServerError: Redis does not answer, or cannot do its work.
        """
        transport, settings, calls = self._mill.transport, self._mill.settings, OverviewCalls(Keys())
        workforce = await read_workforce(transport, settings.lease)
        waiting = await read_waiting(transport, workforce.snapshot)
        leases, lines = await transport.send_all([calls.leases(MOST), calls.minutes()])
        flights = await read_flights(transport, leases, workforce, settings.lease)
        counts, recent = await read_recent(transport)
        slow = await self._slowly.look(workforce, counts["failed"])
        waits = waits_of(workforce.snapshot.stats, slow.before, self._lane_of) if slow.window else {}
        lanes = lane_states(workforce, waiting, slow.outlooks, waits, settings)
        flow, outcome = self._course(workforce, lines, slow)
        facts = Facts(lanes, flights, workforce.workers, flow, outcome, slow.server, counts)
        return Overview(
            at=workforce.snapshot.now,
            verdict=judge(facts),
            counts=counts,
            lanes=lanes,
            flow=flow,
            outcome=outcome,
            flights=flights,
            workers=workforce.workers,
            dead=slow.dead,
            costs=costs_of(workforce.snapshot.stats, self._lane_of),
            recent=recent,
            server=slow.server,
        )

    def _course(self, workforce: Workforce, lines: Lines, slow: Slow) -> tuple[Flow, Outcome]:
        stats, now, left_out = workforce.snapshot.stats, workforce.snapshot.now, self._left_out
        totals = totals_of(stats, left_out)
        lately = flow_by_pipeline(stats, slow.before, slow.window, left_out) if slow.window else []
        again = runs_again(stats, slow.before, left_out) if slow.window else []
        flow = flow_of(now, totals, lines, lately, slow.window)
        return flow, outcome_of(now, totals, lines, self._mill.settings.success_goal, again)


def _lanes_of(registry: Registry) -> dict[tuple[str, str], str]:
    pipelines = [registry.named(name) for name in registry.names]
    return {(pipeline.name, name): call.step.lane for pipeline in pipelines for name, call in pipeline.calls.items()}
