"""Workers: there are none, or they die."""

from grafana.source.alerts.alert import Alert
from grafana.source.exprs import gained, most, total, whole

BOARD = "docmill-lanes"

ALERTS = (
    Alert(
        name="NoWorker",
        value=most(whole("docmill_lane_workers"), "lane"),
        bound=0,
        op="<=",
        hold="1m",
        severity="page",
        summary="No live worker serves lane {{ $labels.lane }}, and work waits in it",
        description="Nothing of it runs until one is started.",
        board=BOARD,
        panel="Workers of a lane",
        also="and on (lane) lane:docmill_lane_ready:sum > 0",
    ),
    Alert(
        name="WorkerSilent",
        value=total(whole("docmill_workers", 'state="silent"')),
        bound=0,
        hold="2m",
        severity="ticket",
        summary="A worker has fallen silent",
        description="{{ $value }} have not renewed their leases, and did not say that they end.",
        board=BOARD,
        panel="Workers",
    ),
    Alert(
        name="SlotProcessesDie",
        value=total(gained("docmill_slot_processes_ended_total", 'cause="died"', "15m")),
        bound=5,
        hold="0m",
        severity="ticket",
        summary="Processes of slots die",
        description="{{ $value | humanize }} in 15 minutes died by themselves.",
        board=BOARD,
        panel="Processes that ended",
    ),
    Alert(
        name="PoisonDocument",
        value=total(gained("docmill_step_runs_total", 'outcome="poison"', "30m"), "pipeline, step"),
        bound=0,
        hold="0m",
        severity="ticket",
        summary="A document kills whatever runs {{ $labels.step }}",
        description="Three processes died of it; it is a dead letter now.",
        board="docmill-pipeline",
        panel="Runs that did not succeed",
    ),
)
