"""Redis, which holds all state: as its exporter tells it."""

from grafana.source.alerts.alert import Alert

BOARD = "docmill-redis"
SHARE = "redis_memory_used_bytes / (redis_memory_max_bytes > 0)"


def _full(name: str, bound: float, severity: str) -> Alert:
    return Alert(
        name=name,
        value=SHARE,
        bound=bound,
        hold="5m",
        severity="page" if severity == "page" else "ticket",
        summary="Redis is nearly full",
        description="{{ $value | humanizePercentage }} of maxmemory is used; when it is full, submissions are refused.",
        board=BOARD,
        panel="Memory used of what it may",
    )


ALERTS = (
    Alert(
        name="RedisDown",
        value="redis_up",
        bound=1,
        op="<",
        hold="1m",
        severity="page",
        summary="Redis does not answer",
        description="Nothing is accepted, and nothing moves.",
        board=BOARD,
        panel="Redis answers",
    ),
    _full("RedisMemoryHigh", 0.8, "ticket"),
    _full("RedisMemoryFull", 0.9, "page"),
    Alert(
        name="RedisMemoryUnbounded",
        value="redis_memory_max_bytes",
        bound=0,
        op="<=",
        hold="5m",
        severity="ticket",
        summary="Redis has no maxmemory",
        description="It grows until the kernel kills it; with a bound, submissions are refused instead.",
        board=BOARD,
        panel="Memory",
    ),
    Alert(
        name="RedisEvicts",
        value="increase(redis_evicted_keys_total[5m])",
        bound=0,
        hold="0m",
        severity="page",
        summary="Redis throws keys away: documents are being lost",
        description="{{ $value | humanize }} keys in five minutes. maxmemory-policy must be noeviction.",
        board=BOARD,
        panel="Keys evicted",
    ),
    Alert(
        name="RedisPersistenceOff",
        value="redis_aof_enabled",
        bound=1,
        op="<",
        hold="5m",
        severity="ticket",
        summary="Redis keeps no append-only file",
        description="What was accepted since its last snapshot is lost when it dies.",
        board=BOARD,
        panel="Persistence",
    ),
    Alert(
        name="RedisPersistenceFails",
        value="redis_aof_last_write_status * redis_rdb_last_bgsave_status",
        bound=1,
        op="<",
        hold="5m",
        severity="ticket",
        summary="Redis cannot write to its disk",
        description="The last append or snapshot failed: look at the disk.",
        board=BOARD,
        panel="Persistence",
    ),
    Alert(
        name="RedisRefusesClients",
        value="increase(redis_rejected_connections_total[5m])",
        bound=0,
        hold="0m",
        severity="ticket",
        summary="Redis refuses connections",
        description="{{ $value | humanize }} in five minutes: maxclients is reached.",
        board=BOARD,
        panel="Connections",
    ),
)
