"""For each alert: series under which it fires, and series that come near and must not.

Values are promtool's: `0+10x60` is 0 and then sixty times 10 more; `_` is none.
"""

from dataclasses import dataclass

Series = dict[str, str]


@dataclass(frozen=True)
class Case:
    """One alert.

    Args:
        fires, silent: series -> values, one a `step`.
        at: when it must have fired, and must not have.
    """

    fires: Series
    silent: Series
    at: str = "20m"
    step: str = "1m"


def ready(lane: str, values: str, priority: int = 5) -> Series:
    """Entries ready, as two API processes say it: which must count once."""
    of = f'docmill_lane_ready{{lane="{lane}",priority="{priority}",instance='
    return {f'{of}"a"}}': values, f'{of}"b"}}': values}


def ended(failed: str, succeeded: str, cancelled: str = "0x5000") -> Series:
    """Documents that ended."""
    of = 'docmill_documents_finished_total{pipeline="p",instance="a",outcome='
    return {f'{of}"failed"}}': failed, f'{of}"succeeded"}}': succeeded, f'{of}"cancelled"}}': cancelled}


def runs(outcome: str, values: str) -> Series:
    """Runs of a step that ended so, as two API processes say it."""
    of = f'docmill_step_runs_total{{pipeline="p",step="s",outcome="{outcome}",instance='
    return {f'{of}"a"}}': values, f'{of}"b"}}': values}


def one(name: str, labels: str = "", values: str = "") -> Series:
    """One series of an API process, or of an exporter."""
    return {f"{name}{{{labels}}}": values}


def age(priority: int, seconds: int) -> Series:
    """For how long a priority's next job has waited."""
    return one("docmill_lane_oldest_age_seconds", f'lane="gpu",priority="{priority}"', f"{seconds}x60")


def vllm(name: str, values: str) -> Series:
    """A series of vLLM's."""
    return one(f"vllm:{name}", 'model_name="m"', values)


HTTP = "docmill_http_request_duration_seconds"
POSTS = f'{HTTP}_bucket{{instance="a",method="POST",route="/v1/documents",status_class="2xx",le='

CASES: dict[str, Case] = {
    "GpuLaneSaturated": Case(ready("gpu", "1001x60"), ready("gpu", "700x60") | ready("cpu", "5000x60")),
    "GpuLaneSaturationPredicted": Case(ready("gpu", "0+25x60"), ready("gpu", "2000-30x60"), at="30m"),
    "UrgentJobsWaitTooLong": Case(age(9, 61), age(9, 59) | age(6, 500)),
    "JobsWaitTooLong": Case(age(5, 601), age(5, 599) | age(1, 3000)),
    "UnhurriedJobsWaitTooLong": Case(age(0, 3601), age(0, 3599)),
    "LaneNearlyFull": Case(
        ready("gpu", "95x60") | one("docmill_lane_limit", 'lane="gpu"', "100x60"),
        ready("gpu", "85x60") | one("docmill_lane_limit", 'lane="gpu"', "100x60") | ready("cpu", "1000x60"),
    ),
    "LanePausedWithWork": Case(
        ready("gpu", "1x120") | one("docmill_lane_paused", 'lane="gpu"', "1x120"),
        ready("cpu", "1x120") | one("docmill_lane_paused", 'lane="gpu"', "1x120")
        | one("docmill_lane_paused", 'lane="cpu"', "0x120"),
        at="90m",
    ),
    "NothingMoves": Case(
        ready("gpu", "5x60") | runs("done", "100x60") | one("docmill_lane_paused", 'lane="gpu"', "0x60"),
        ready("gpu", "5x60") | runs("done", "100x60") | one("docmill_lane_paused", 'lane="gpu"', "1x60"),
    ),
    "LeasesExpire": Case(
        one("docmill_lease_expirations_total", 'lane="gpu",instance="a"', "0x5 8x60"),
        one("docmill_lease_expirations_total", 'lane="gpu",instance="a"', "0x5 3x60")
        | one("docmill_lease_expirations_total", 'lane="gpu",instance="b"', "0x5 3x60"),
        at="10m",
    ),
    "LeasesOverdue": Case(
        one("docmill_leases_overdue_seconds", "", "0+60x60"), one("docmill_leases_overdue_seconds", "", "0 30 2 89x60")
    ),
    "NoWorker": Case(
        ready("gpu", "1x60") | one("docmill_lane_workers", 'lane="gpu"', "0x60"),
        ready("gpu", "0x60") | one("docmill_lane_workers", 'lane="gpu"', "0x60") | ready("cpu", "9x60")
        | one("docmill_lane_workers", 'lane="cpu"', "1x60"),
    ),
    "WorkerSilent": Case(
        one("docmill_workers", 'state="silent"', "1x60"), one("docmill_workers", 'state="ended"', "9x60")
    ),
    "SlotProcessesDie": Case(
        one("docmill_slot_processes_ended_total", 'cause="died"', "0x5 9x60"),
        one("docmill_slot_processes_ended_total", 'cause="drained"', "0x5 90x60"), at="10m",
    ),
    "PoisonDocument": Case(runs("poison", "0x5 1x60"), runs("poison", "7x60") | runs("died", "0x5 2x60"), at="10m"),
    "CompletionBudgetBurnsFast": Case(
        ended("0+6x90", "0+94x90"), ended("0+6x60 360x30", "0+94x90") | ended("0+4x90", "0+96x90"), at="80m"
    ),
    "CompletionBudgetBurns": Case(
        ended("0+2x500", "0+98x500"), ended("0+1x500", "0+99x500", "0+50x500"), at="7h"
    ),
    "CompletionBudgetDrips": Case(
        ended("0+10x200", "0+990x200"), ended("0+8x200", "0+992x200"), at="30h", step="10m"
    ),
    "CompletionBudgetLeaks": Case(
        ended("0+4x500", "0+996x500"), ended("0+2x500", "0+998x500"), at="80h", step="10m"
    ),
    "DeadLettersGrow": Case(ended("0x5 14x60", "0+9x60"), ended("0x5 8x60", "0+9x60"), at="15m"),
    "DeadLettersPile": Case(one("docmill_dead_letters", "", "101x60"), one("docmill_dead_letters", "", "100x60")),
    "WebhooksFail": Case(
        one("docmill_webhook_deliveries_total", 'outcome="failed"', "0x5 1x60"),
        one("docmill_webhook_deliveries_total", 'outcome="succeeded"', "0x5 9x60"), at="10m",
    ),
    "ModelThrash": Case(
        one("docmill_model_load_seconds_count", 'model="m",instance="w1"', "0+1x60"),
        one("docmill_model_load_seconds_count", 'model="m",instance="w1"', "0x5 3x60")
        | one("docmill_model_load_seconds_count", 'model="n",instance="w1"', "0x5 3x60"), at="15m",
    ),
    "OutOfMemory": Case(runs("memory", "0x5 1x60"), runs("memory", "3x60"), at="9m"),
    "OutOfMemoryOften": Case(runs("memory", "0x5 7x60"), runs("memory", "0x5 3x60"), at="9m"),
    "GpuTooHot": Case(
        one("docmill_gpu_temperature_celsius", 'gpu="g"', "86x60"),
        one("docmill_gpu_temperature_celsius", 'gpu="g"', "80x10 90x3 80x60"), at="14m",
    ),
    "GpuXid": Case(one("DCGM_FI_DEV_XID_ERRORS", 'UUID="g"', "79x60"), one("DCGM_FI_DEV_XID_ERRORS", 'UUID="g"', "0x60")),
    "LlmPreempts": Case(vllm("num_preemptions_total", "0+12x60"), vllm("num_preemptions_total", "0+5x60")),
    "LlmQueues": Case(
        vllm("num_requests_waiting", "3x60") | ready("llm", "0x60"),
        vllm("num_requests_waiting", "3x60") | ready("llm", "4x60"),
    ),
    "RedisDown": Case(one("redis_up", "", "0x60"), one("redis_up", "", "1x60")),
    "RedisMemoryHigh": Case(
        one("redis_memory_used_bytes", "", "81x60") | one("redis_memory_max_bytes", "", "100x60"),
        one("redis_memory_used_bytes", "", "79x60") | one("redis_memory_max_bytes", "", "100x60"),
    ),
    "RedisMemoryFull": Case(
        one("redis_memory_used_bytes", "", "91x60") | one("redis_memory_max_bytes", "", "100x60"),
        one("redis_memory_used_bytes", "", "99x60") | one("redis_memory_max_bytes", "", "0x60"),
    ),
    "RedisMemoryUnbounded": Case(one("redis_memory_max_bytes", "", "0x60"), one("redis_memory_max_bytes", "", "1x60")),
    "RedisEvicts": Case(
        one("redis_evicted_keys_total", "", "0x5 1x60"), one("redis_evicted_keys_total", "", "9x60"), at="8m"
    ),
    "RedisPersistenceOff": Case(one("redis_aof_enabled", "", "0x60"), one("redis_aof_enabled", "", "1x60")),
    "RedisPersistenceFails": Case(
        one("redis_aof_last_write_status", "", "1x60") | one("redis_rdb_last_bgsave_status", "", "0x60"),
        one("redis_aof_last_write_status", "", "1x60") | one("redis_rdb_last_bgsave_status", "", "1x60"),
    ),
    "RedisRefusesClients": Case(
        one("redis_rejected_connections_total", "", "0x5 2x60"), one("redis_rejected_connections_total", "", "2x60"),
        at="8m",
    ),
    "ApiFails": Case(
        one(f"{HTTP}_count", 'status_class="5xx",instance="a"', "0+2x60")
        | one(f"{HTTP}_count", 'status_class="2xx",instance="a"', "0+98x60"),
        one(f"{HTTP}_count", 'status_class="5xx",instance="a"', "0+0x60")
        | one(f"{HTTP}_count", 'status_class="4xx",instance="a"', "0+98x60"),
    ),
    "ApiSlow": Case(
        {f'{POSTS}"1.0"}}': "0+9x60", f'{POSTS}"2.5"}}': "0+10x60", f'{POSTS}"+Inf"}}': "0+10x60"},
        {f'{POSTS}"0.5"}}': "0+10x60", f'{POSTS}"1.0"}}': "0+10x60", f'{POSTS}"+Inf"}}': "0+10x60"},
    ),
    "TargetDown": Case(
        one("up", 'job="docmill-api",instance="a"', "0x60"),
        one("up", 'job="docmill-api",instance="a"', "1x60") | one("up", 'job="node",instance="a"', "0x60"),
    ),
}  # fmt: skip
