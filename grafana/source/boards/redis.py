"""Redis, as its exporter tells it."""

from grafana.source.alerts import BY_NAME
from grafana.source.panels import Board, Panel

STATE = (
    Panel("Redis answers", "1 where it does.", "short", [(BY_NAME["RedisDown"].value, "{{instance}}")], ["RedisDown"], "stat"),
    Panel(
        "Memory used of what it may", "From 100 % on submissions are refused; what was accepted still ends.", "percentunit",
        [(BY_NAME["RedisMemoryHigh"].value, "{{instance}}")], ["RedisMemoryHigh", "RedisMemoryFull"],
    ),
    Panel(
        "Memory", "Used, and what may be; 0 is no bound.", "bytes",
        [("redis_memory_used_bytes", "used"), (BY_NAME["RedisMemoryUnbounded"].value, "may be")], ["RedisMemoryUnbounded"],
    ),
    Panel(
        "Keys evicted", "In five minutes. Any is a document that is lost.", "short",
        [(BY_NAME["RedisEvicts"].value, "evicted")], ["RedisEvicts"],
    ),
    Panel(
        "Persistence", "1 where the append-only file is on, and where the last write and snapshot succeeded.", "short",
        [(BY_NAME["RedisPersistenceOff"].value, "append-only file"), (BY_NAME["RedisPersistenceFails"].value, "written")],
        ["RedisPersistenceOff", "RedisPersistenceFails"],
    ),
    Panel(
        "Connections", "Refused in five minutes, and open now.", "short",
        [(BY_NAME["RedisRefusesClients"].value, "refused"), ("redis_connected_clients", "open")], ["RedisRefusesClients"],
    ),
)  # fmt: skip

WORK = (
    Panel("Commands", "A second.", "ops", [("rate(redis_commands_processed_total[5m])", "commands")]),
    Panel(
        "Time of docmill's scripts", "Mean of a call: above 1 ms is a defect.", "s",
        [('rate(redis_commands_duration_seconds_total{cmd="fcall"}[5m]) / rate(redis_commands_total{cmd="fcall"}[5m])',
          "a call")],
    ),
    Panel(
        "Busy", "Share of a core: Redis has one for its commands.", "percentunit",
        [("rate(redis_cpu_user_seconds_total[5m]) + rate(redis_cpu_sys_seconds_total[5m])", "core")],
    ),
    Panel("Documents kept", "By status; queued and running ones are under way.", "short",
          [("max by (status) (docmill_documents)", "{{status}}")], kind="stacked"),
    Panel("Keys", "In all databases.", "short", [("sum by (instance) (redis_db_keys)", "{{instance}}")]),
    Panel("Slow commands", "In Redis' slow log.", "short", [("redis_slowlog_length", "{{instance}}")]),
)  # fmt: skip

BOARD = Board(
    "docmill-redis",
    "docmill: Redis",
    "Whether the one that holds all state has room, writes to disk, and keeps up.",
    [("State", STATE), ("Work", WORK)],
)
