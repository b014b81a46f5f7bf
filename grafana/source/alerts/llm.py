"""The LLM server: it does work twice, or is asked for more than it takes."""

from grafana.source.alerts.alert import Alert

BOARD = "docmill-llm"

ALERTS = (
    Alert(
        name="LlmPreempts",
        value="sum by (model_name) (rate(vllm:num_preemptions_total[5m]))",
        bound=0.1,
        hold="10m",
        severity="ticket",
        summary="The LLM server begins requests again that it had begun",
        description="{{ $value | humanize }} a second: its KV cache is too small for what it was given at once.",
        board=BOARD,
        panel="Preemptions",
    ),
    Alert(
        name="LlmQueues",
        value="sum by (model_name) (vllm:num_requests_waiting)",
        bound=0,
        hold="10m",
        severity="ticket",
        summary="The LLM server has a queue of its own, though docmill's lane is empty",
        description="{{ $value | humanize }} requests wait in it: others use it too, or there are too many llm slots.",
        board=BOARD,
        panel="Requests at the server",
        also='and on () sum(lane:docmill_lane_ready:sum{lane="llm"}) == 0',
    ),
)
