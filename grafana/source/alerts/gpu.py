"""Cards and models: too little memory, models that come and go, heat, and what the driver reports."""

from grafana.source.alerts.alert import Alert
from grafana.source.exprs import gained, total

BOARD = "docmill-gpu"


def _memory(name: str, bound: float, severity: str) -> Alert:
    return Alert(
        name=name,
        value=total(gained("docmill_step_runs_total", 'outcome="memory"', "10m"), "pipeline, step"),
        bound=bound,
        hold="0m",
        severity="page" if severity == "page" else "ticket",
        summary="Step {{ $labels.step }} finds too little memory",
        description="{{ $value | humanize }} runs in 10 minutes ended for want of memory.",
        board=BOARD,
        panel="Runs that found too little memory",
    )


ALERTS = (
    Alert(
        name="ModelThrash",
        value="sum by (model) (increase(docmill_model_load_seconds_count[10m]))",
        bound=6,
        hold="0m",
        severity="ticket",
        summary="Model {{ $labels.model }} is loaded again and again",
        description="{{ $value | humanize }} times in 10 minutes: the budget is too small for the models that are asked for.",
        board=BOARD,
        panel="Loads and evictions",
    ),
    _memory("OutOfMemory", 0, "ticket"),
    _memory("OutOfMemoryOften", 5, "page"),
    Alert(
        name="GpuTooHot",
        value="max by (gpu) (docmill_gpu_temperature_celsius)",
        bound=85,
        hold="5m",
        severity="ticket",
        summary="A card is too hot",
        description="Card {{ $labels.gpu }} has {{ $value }} degrees: it slows down to save itself.",
        board=BOARD,
        panel="Temperature",
    ),
    Alert(
        name="GpuXid",
        value="max by (UUID) (DCGM_FI_DEV_XID_ERRORS)",
        bound=0,
        hold="1m",
        severity="ticket",
        summary="The driver reports an error of a card",
        description="Card {{ $labels.UUID }}: Xid {{ $value }}.",
        board=BOARD,
        panel="Errors that the driver reports",
    ),
)
