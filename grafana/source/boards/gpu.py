"""GPU and models."""

from grafana.source.alerts import BY_NAME
from grafana.source.exprs import most, rate, total, whole
from grafana.source.panels import Board, Panel

CARDS = (
    Panel(
        "Utilisation", "Share of the time in which something ran on the card. Low while lane gpu is full: look at the steps.",
        "percentunit", [("max by (gpu) (docmill_gpu_utilization_ratio)", "{{gpu}}")],
    ),
    Panel(
        "Memory held", "Of the card, by whomever.", "bytes",
        [("max by (gpu) (docmill_gpu_memory_used_bytes)", "{{gpu}} held"),
         ("max by (gpu) (docmill_gpu_memory_total_bytes)", "{{gpu}} there is")],
    ),
    Panel("Power", "That a card draws.", "watt", [("max by (gpu) (docmill_gpu_power_watts)", "{{gpu}}")]),
    Panel(
        "Temperature", "Above the line a card slows down.", "celsius",
        [(BY_NAME["GpuTooHot"].value, "{{gpu}}")], ["GpuTooHot"],
    ),
    Panel(
        "Errors that the driver reports", "Xid, by NVIDIA's DCGM exporter.", "short",
        [(BY_NAME["GpuXid"].value, "{{UUID}}")], ["GpuXid"],
    ),
    Panel(
        "Seconds of a card", "That runs of each step had, a second: above 0.9 the card has no room.", "short",
        [(total(rate("docmill_gpu_seconds_total"), "step"), "{{step}}")], kind="stacked",
    ),
)  # fmt: skip

MODELS = (
    Panel(
        "Loaded", "Processes in which a model is.", "short", [(most(whole("docmill_model_resident"), "model"), "{{model}}")],
        kind="stacked",
    ),
    Panel(
        "What models take", "Of the card's memory, or the host's.", "bytes",
        [(most(whole("docmill_model_bytes"), "model"), "{{model}}")], kind="stacked",
    ),
    Panel(
        "Loads and evictions", "In ten minutes. Above the line models push each other out.", "short",
        [(BY_NAME["ModelThrash"].value, "{{model}} loaded"),
         ("sum by (model) (increase(docmill_model_evictions_total[10m]))", "{{model}} evicted")], ["ModelThrash"],
    ),
    Panel(
        "How long loading takes", "19 of 20 loads take no longer.", "s",
        [("histogram_quantile(0.95, sum by (le, model) (rate(docmill_model_load_seconds_bucket[1h])))", "{{model}}")],
    ),
    Panel(
        "Runs that found too little memory", "In ten minutes, by step; each is tried alone, then in a fresh process.", "short",
        [(BY_NAME["OutOfMemory"].value, "{{pipeline}} {{step}}")], ["OutOfMemory", "OutOfMemoryOften"],
    ),
    Panel(
        "In reserve", "Processes that stand by, loaded.", "short",
        [("sum by (instance) (docmill_worker_standby)", "{{instance}}")],
    ),
)  # fmt: skip

BOARD = Board(
    "docmill-gpu",
    "docmill: GPU and models",
    "Whether the cards are used, what is loaded, and what did not fit.",
    [("Cards", CARDS), ("Models", MODELS)],
)
