"""The API."""

from grafana.source.alerts import BY_NAME
from grafana.source.exprs import gained, rate, total
from grafana.source.panels import Board, Panel

COUNT = "docmill_http_request_duration_seconds_count"

REQUESTS = (
    Panel(
        "Requests", "A second, by route.", "reqps",
        [(f"sum by (route, method) (rate({COUNT}[5m]))", "{{method}} {{route}}")], width=12,
    ),
    Panel(
        "Answers", "A second, by class.", "reqps", [(f"sum by (status_class) (rate({COUNT}[5m]))", "{{status_class}}")],
        kind="stacked", width=12,
    ),
    Panel(
        "How long it takes", "19 of 20 requests, by route.", "s",
        [("histogram_quantile(0.95, sum by (le, route) (rate(docmill_http_request_duration_seconds_bucket[5m])))",
          "{{route}}")],
    ),
    Panel(
        "How long submitting takes", "19 of 20 submissions.", "s", [(BY_NAME["ApiSlow"].value, "19 of 20")], ["ApiSlow"],
    ),
    Panel(
        "Requests answered with an error", "Share of 5xx: the API's own fault, or Redis is away.", "percentunit",
        [(BY_NAME["ApiFails"].value + " or vector(0)", "5xx")], ["ApiFails"],
    ),
    Panel("Under way", "Requests of each process now; streams and long polls are some.", "short",
          [("sum by (instance) (docmill_http_requests_in_progress)", "{{instance}}")]),
    Panel("Redis did not answer", "Requests in five minutes, by how: not reached, or refused.", "short",
          [("sum by (kind) (increase(docmill_redis_errors_total[5m]))", "{{kind}}")]),
    Panel(
        "Processes that can be scraped", "1 where one answers Prometheus.", "short",
        [(BY_NAME["TargetDown"].value, "{{job}} {{instance}}")], ["TargetDown"],
    ),
)  # fmt: skip

AROUND = (
    Panel(
        "Submissions", "A minute: accepted by priority, and refused by reason.", "short",
        [("60 * " + total(rate("docmill_documents_submitted_total"), "priority"), "priority {{priority}}"),
         ("60 * " + total(rate("docmill_documents_refused_total"), "reason"), "{{reason}}")],
    ),
    Panel(
        "Webhook deliveries", "In an hour, by outcome; failed is after all tries.", "short",
        [(total(gained("docmill_webhook_deliveries_total", window="1h"), "outcome"), "{{outcome}}")], ["WebhooksFail"],
    ),
    Panel(
        "Schedules", "Ticks in an hour, by what became of them.", "short",
        [(total(gained("docmill_schedule_ticks_total", window="1h"), "outcome"), "{{outcome}}")],
    ),
)  # fmt: skip

BOARD = Board(
    "docmill-api",
    "docmill: API",
    "Requests, submissions, webhooks, schedules.",
    [("Requests", REQUESTS), ("What they bring", AROUND)],
)
