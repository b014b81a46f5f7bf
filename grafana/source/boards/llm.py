"""The LLM lane, beside vLLM's own metrics."""

from grafana.source.alerts import BY_NAME
from grafana.source.exprs import most, rate, total, whole
from grafana.source.panels import Board, Panel

LANE = 'lane="llm"'


def _quantile(name: str) -> str:
    return f"histogram_quantile(0.95, sum by (le, model_name) (rate(vllm:{name}_bucket[5m])))"


OURS = (
    Panel(
        "Ready in the lane", "docmill's queue: it has priorities, and can be cancelled; the server's has not.", "short",
        [(f"lane:docmill_lane_ready:sum{{{LANE}}}", "ready"), (most(whole("docmill_lane_leases", LANE)), "under way")],
    ),
    Panel(
        "Tokens", "A second, as steps had them: of a prompt, of it from the server's cache, of an answer.", "short",
        [(total(rate("docmill_llm_tokens_total"), "model, kind"), "{{model}} {{kind}}")],
    ),
    Panel(
        "Prompt from the cache", "Share of the prompts' tokens that the server had already: the document comes first in each.",
        "percentunit",
        [(total(rate("docmill_llm_tokens_total", 'kind="cached"'), "model") + " / "
          + total(rate("docmill_llm_tokens_total", 'kind="prompt"'), "model"), "{{model}}")],
    ),
)  # fmt: skip

SERVER = (
    Panel(
        "Requests at the server", "That run, and that wait in its own queue: 0 to 8 is right.", "short",
        [("sum by (model_name) (vllm:num_requests_running)", "{{model_name}} run"),
         (BY_NAME["LlmQueues"].value, "{{model_name}} wait")], ["LlmQueues"],
    ),
    Panel(
        "KV cache used", "Near 100 % requests are begun again.", "percentunit",
        [("max by (model_name) (vllm:kv_cache_usage_perc)", "{{model_name}}")],
    ),
    Panel(
        "Preemptions", "Requests a second that are begun again, from scratch.", "ops",
        [(BY_NAME["LlmPreempts"].value, "{{model_name}}")], ["LlmPreempts"],
    ),
    Panel(
        "Tokens of the server", "A second.", "short",
        [("sum by (model_name) (rate(vllm:prompt_tokens_total[5m]))", "{{model_name}} prompt"),
         ("sum by (model_name) (rate(vllm:generation_tokens_total[5m]))", "{{model_name}} generated")],
    ),
    Panel(
        "Prefix cache", "Share of the asked blocks that were there.", "percentunit",
        [("sum by (model_name) (rate(vllm:prefix_cache_hits_total[5m])) / "
          "sum by (model_name) (rate(vllm:prefix_cache_queries_total[5m]))", "{{model_name}}")],
    ),
    Panel(
        "First token", "19 of 20 requests have it within so long.", "s",
        [(_quantile("time_to_first_token_seconds"), "{{model_name}}")],
    ),
    Panel(
        "A whole answer", "19 of 20 requests have it within so long.", "s",
        [(_quantile("e2e_request_latency_seconds"), "{{model_name}}")],
    ),
    Panel(
        "Between two tokens", "19 of 20 come within so long.", "s",
        [(_quantile("time_per_output_token_seconds"), "{{model_name}}")],
    ),
    Panel(
        "Answers", "A second, by why they ended; `length` is cut short.", "ops",
        [("sum by (finished_reason) (rate(vllm:request_success_total[5m]))", "{{finished_reason}}")], kind="stacked",
    ),
)  # fmt: skip

BOARD = Board(
    "docmill-llm",
    "docmill: LLM lane",
    "docmill's lane beside the server's own figures (vLLM).",
    [("docmill", OURS), ("vLLM", SERVER)],
)
