"""Lanes and workers."""

from grafana.source.alerts import BY_NAME
from grafana.source.exprs import gained, most, quantile, total, whole
from grafana.source.panels import Board, Panel

LANE = 'lane=~"$lane"'

WAITING = (
    Panel(
        "Ready", "Entries that wait, by lane; a fan-out is one. The line is where the GPU lane is saturated.", "short",
        [(f"lane:docmill_lane_ready:sum{{{LANE}}}", "{{lane}}")], ["GpuLaneSaturated", "GpuLaneSaturationPredicted"],
    ),
    Panel(
        "Ready, by priority", "9 is urgent. Strictly by priority: what is low waits for all that is higher.", "short",
        [(total(whole("docmill_lane_ready", LANE), "priority"), "{{priority}}")], kind="stacked",
    ),
    Panel(
        "Longest wait", "Of the job that each lane gives next at a priority. 60 s is too long for 7 to 9, ten minutes for "
        "4 to 6, an hour for what is lower.", "s",
        [(most(whole("docmill_lane_oldest_age_seconds", LANE), "lane, priority"), "{{lane}} {{priority}}")],
        ["UrgentJobsWaitTooLong", "JobsWaitTooLong", "UnhurriedJobsWaitTooLong"],
    ),
    Panel(
        "Until a lane is empty", "Nothing new coming: one in ten is expected before the first line, one after the last.", "s",
        [(most(whole("docmill_lane_drain_seconds", LANE), "lane, share"), "{{lane}} {{share}}")],
    ),
    Panel(
        "Backlog", "Seconds that one slot would need for all that waits or runs.", "s",
        [(most(whole("docmill_lane_backlog_seconds", LANE), "lane"), "{{lane}}")],
    ),
    Panel(
        "Lanes near their limit", "Entries that wait, of those that may; from 100 % on submissions are refused.",
        "percentunit", [(BY_NAME["LaneNearlyFull"].value, "{{lane}}")], ["LaneNearlyFull"],
    ),
    Panel(
        "From ready to the first lease", "19 of 20 jobs wait no longer; deliberate delay is not counted.", "s",
        [(quantile(0.95, "docmill_step_wait_seconds", "priority"), "priority {{priority}}")],
    ),
    Panel(
        "Paused or resting", "1 where somebody paused the lane, or a service that it needs is down.", "short",
        [(most(whole("docmill_lane_paused", LANE), "lane"), "{{lane}} paused"),
         (most(whole("docmill_lane_resting", LANE), "lane"), "{{lane}} rests")], ["LanePausedWithWork"],
    ),
    Panel(
        "Kept back, and delayed", "Entries that may not run now, by what holds them; and jobs that wait for a time.", "short",
        [(most(whole("docmill_held"), "kind"), "held: {{kind}}"), (most(whole("docmill_delayed")), "delayed")],
        kind="stacked",
    ),
)  # fmt: skip

RUNNING = (
    Panel(
        "Steps that end", "Runs a second, whatever came of them. 0 while work waits: nothing moves.", "ops",
        [(BY_NAME["NothingMoves"].value, "runs")], ["NothingMoves"],
    ),
    Panel(
        "Slots of a lane", "Those that serve it, and those of them that hold a job.", "short",
        [(most(whole("docmill_lane_slots", LANE), "lane"), "{{lane}}"),
         (most(whole("docmill_lane_slots_busy", LANE), "lane"), "{{lane}} busy")],
    ),
    Panel(
        "Jobs that run", "Leases of a lane, and for how long the longest has been held.", "short",
        [(most(whole("docmill_lane_leases", LANE), "lane"), "{{lane}}")],
    ),
    Panel(
        "Longest run", "For how long the longest held job of a lane has been held.", "s",
        [(most(whole("docmill_lane_oldest_lease_age_seconds", LANE), "lane"), "{{lane}}")],
    ),
    Panel(
        "Leases that expired", "In 15 minutes: nobody renewed them.", "short",
        [(BY_NAME["LeasesExpire"].value, "{{lane}}")], ["LeasesExpire"],
    ),
    Panel(
        "Leases overdue", "For how long the oldest has been over without being taken back.", "s",
        [(BY_NAME["LeasesOverdue"].value, "overdue")], ["LeasesOverdue"],
    ),
)  # fmt: skip

WORKERS = (
    Panel(
        "Workers", "By state; a silent one did not say that it ends.", "short",
        [(most(whole("docmill_workers"), "state"), "{{state}}")], ["WorkerSilent"], "stacked",
    ),
    Panel(
        "Workers of a lane", "Live ones that serve it. 0 while work waits: nobody will do it.", "short",
        [(most(whole("docmill_lane_workers", LANE), "lane"), "{{lane}}")], ["NoWorker"],
    ),
    Panel(
        "Processes that ended", "Of slots, in 15 minutes, by what ended them.", "short",
        [(total(gained("docmill_slot_processes_ended_total", window="15m"), "cause"), "{{cause}}")], ["SlotProcessesDie"],
    ),
    Panel(
        "Memory of slots", "By group of slots, on each worker.", "bytes",
        [("sum by (instance, group) (docmill_worker_memory_bytes)", "{{instance}} {{group}}")],
    ),
    Panel(
        "Results that came too late", "In an hour: the lease is another's, or the document has ended. They changed nothing.",
        "short", [(total(gained("docmill_late_calls_total", window="1h"), "verdict"), "{{verdict}}")],
    ),
    Panel(
        "Redis, as a supervisor sees it", "19 of 20 calls, mostly renewals of leases, are answered within so long.", "s",
        [("histogram_quantile(0.95, sum by (le, instance) (rate(docmill_worker_redis_call_seconds_bucket[5m])))",
          "{{instance}}")],
    ),
)  # fmt: skip

BOARD = Board(
    "docmill-lanes",
    "docmill: lanes and workers",
    "What waits where, who works at it, and what became of who did.",
    [("What waits", WAITING), ("What runs", RUNNING), ("Who works", WORKERS)],
    [("lane", "docmill_lane_ready")],
)
