"""The API, and whether what is to be scraped is there."""

from grafana.source.alerts.alert import Alert

BOARD = "docmill-api"
SERVED = "sum(rate(docmill_http_request_duration_seconds_count[5m]))"
FAILED = 'sum(rate(docmill_http_request_duration_seconds_count{status_class="5xx"}[5m]))'

ALERTS = (
    Alert(
        name="ApiFails",
        value=f"({FAILED} or vector(0)) / ({SERVED} > 0)",
        bound=0.01,
        hold="5m",
        severity="page",
        summary="The API answers with errors of its own",
        description="{{ $value | humanizePercentage }} of the requests got a 5xx.",
        board=BOARD,
        panel="Requests answered with an error",
    ),
    Alert(
        name="ApiSlow",
        value='histogram_quantile(0.95, sum by (le) (rate(docmill_http_request_duration_seconds_bucket{method="POST",'
        'route=~"/v1/(documents|batches)"}[5m])))',
        bound=1,
        hold="10m",
        severity="ticket",
        summary="Submitting takes long",
        description="One in twenty submissions takes longer than {{ $value | humanizeDuration }}.",
        board=BOARD,
        panel="How long submitting takes",
    ),
    Alert(
        name="TargetDown",
        value='min by (job, instance) (up{job=~"docmill-.*"})',
        bound=1,
        op="<",
        hold="2m",
        severity="page",
        summary="{{ $labels.job }} at {{ $labels.instance }} is not there",
        description="Prometheus cannot scrape it: it is down, or Redis does not answer it.",
        board=BOARD,
        panel="Processes that can be scraped",
    ),
)
