"""The alerts, by what they are about. Thresholds are said here and nowhere else: panels draw the same ones."""

from grafana.source.alerts import api, completion, gpu, lanes, llm, redis, workers
from grafana.source.alerts.alert import Alert

ALERTS: tuple[Alert, ...] = (
    *lanes.ALERTS, *workers.ALERTS, *completion.ALERTS, *gpu.ALERTS, *llm.ALERTS, *redis.ALERTS, *api.ALERTS,
)  # fmt: skip
BY_NAME = {alert.name: alert for alert in ALERTS}
