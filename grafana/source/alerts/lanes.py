"""Lanes: too much waits, or for too long."""

from grafana.source.alerts.alert import Alert
from grafana.source.exprs import gained, most, rate, total, whole

BOARD = "docmill-lanes"
READY = "lane:docmill_lane_ready:sum"
AGE = "docmill_lane_oldest_age_seconds"


def _late(name: str, priorities: str, bound: float, hold: str, severity: str) -> Alert:
    return Alert(
        name=name,
        value=most(whole(AGE, f'priority=~"[{priorities}]"'), "lane"),
        bound=bound,
        hold=hold,
        severity="page" if severity == "page" else "ticket",
        summary=f"A job of priority {priorities.replace('-', ' to ')} in lane {{{{ $labels.lane }}}} waits too long",
        description="The next job has waited for {{ $value | humanizeDuration }}.",
        board=BOARD,
        panel="Longest wait",
    )


ALERTS = (
    Alert(
        name="GpuLaneSaturated",
        value=f'{READY}{{lane="gpu"}}',
        bound=1000,
        hold="5m",
        severity="page",
        summary="More than 1,000 jobs wait for the GPU",
        description="{{ $value | humanize }} entries are ready in lane gpu: more comes than the cards do.",
        board=BOARD,
        panel="Ready",
    ),
    Alert(
        name="GpuLaneSaturationPredicted",
        value=f'predict_linear({READY}{{lane="gpu"}}[15m], 1800)',
        bound=1000,
        hold="10m",
        severity="ticket",
        summary="In half an hour more than 1,000 jobs will wait for the GPU",
        description="If it goes on like this, {{ $value | humanize }} entries are ready in lane gpu in half an hour.",
        board=BOARD,
        panel="Ready",
        also=f'and deriv({READY}{{lane="gpu"}}[15m]) > 0',
    ),
    _late("UrgentJobsWaitTooLong", "7-9", 60, "2m", "page"),
    _late("JobsWaitTooLong", "4-6", 600, "2m", "ticket"),
    _late("UnhurriedJobsWaitTooLong", "0-3", 3600, "2m", "ticket"),
    Alert(
        name="LaneNearlyFull",
        value=f"{READY} / on (lane) {most(whole('docmill_lane_limit'), 'lane')}",
        bound=0.9,
        hold="2m",
        severity="ticket",
        summary="Lane {{ $labels.lane }} is nearly full",
        description="{{ $value | humanizePercentage }} of the entries that may wait are there; then submissions are refused.",
        board=BOARD,
        panel="Lanes near their limit",
    ),
    Alert(
        name="LanePausedWithWork",
        value=most(whole("docmill_lane_paused"), "lane"),
        bound=0,
        hold="1h",
        severity="ticket",
        summary="Lane {{ $labels.lane }} is paused, and work waits in it",
        description="Somebody paused it more than an hour ago.",
        board=BOARD,
        panel="Paused or resting",
        also=f"and on (lane) {READY} > 0",
    ),
    Alert(
        name="NothingMoves",
        value=f"({total(rate('docmill_step_runs_total'))} or vector(0))",  # none ever ran: no series either
        bound=0,
        op="<=",
        hold="5m",
        severity="page",
        summary="Work waits, and no step has ended for five minutes",
        description="Jobs are ready in lanes that nobody paused, and nothing is done, whatever the reason.",
        board=BOARD,
        panel="Steps that end",
        also=f"and on () sum({READY} unless on (lane) {most(whole('docmill_lane_paused'), 'lane')} > 0) > 0",
    ),
    Alert(
        name="LeasesExpire",
        value=total(gained("docmill_lease_expirations_total", window="15m"), "lane"),
        bound=5,
        hold="0m",
        severity="ticket",
        summary="Leases of lane {{ $labels.lane }} expire",
        description="{{ $value | humanize }} in 15 minutes: machines are lost, or cannot reach Redis.",
        board=BOARD,
        panel="Leases that expired",
    ),
    Alert(
        name="LeasesOverdue",
        value=most(whole("docmill_leases_overdue_seconds")),
        bound=90,
        hold="1m",
        severity="page",
        summary="Leases are over, and nobody takes the jobs back",
        description="One has been over for {{ $value | humanizeDuration }}: no worker and no API process sweeps.",
        board=BOARD,
        panel="Leases overdue",
    ),
)
