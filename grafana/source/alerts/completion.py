"""Documents that fail: the error budget of 99.7 %, by the windows of the SRE workbook, and the dead letters."""

from grafana.source.alerts.alert import Alert
from grafana.source.exprs import gained, most, total, whole
from grafana.source.recording import failed_share

BUDGET = 0.003
"""Of documents that may fail."""
BOARD, PANEL = "docmill-overview", "Share of documents that fail"
ENOUGH = "and on () docmill:documents_judged:increase1h > 50"
"""One of ten is no trend."""
TOLD = "{{ $value | humanizePercentage }} of the documents that ended failed; 0.3 % is what may."


def _burn(name: str, times: float, long: str, short: str, hold: str, severity: str, guard: str = "") -> Alert:
    also = f"and on () {failed_share(short)} > {times * BUDGET:g} {guard}".strip()
    return Alert(
        name=name,
        value=failed_share(long),
        bound=round(times * BUDGET, 4),
        hold=hold,
        severity="page" if severity == "page" else "ticket",
        summary=f"Too many documents fail: the error budget burns {times:g} times too fast",
        description=TOLD,
        board=BOARD,
        panel=PANEL,
        also=also,
    )


ALERTS = (
    _burn("CompletionBudgetBurnsFast", 14.4, "1h", "5m", "2m", "page", ENOUGH),
    _burn("CompletionBudgetBurns", 6, "6h", "30m", "15m", "page", ENOUGH),
    _burn("CompletionBudgetDrips", 3, "1d", "2h", "1h", "ticket"),
    _burn("CompletionBudgetLeaks", 1, "3d", "6h", "1h", "ticket"),
    Alert(
        name="DeadLettersGrow",
        value=total(gained("docmill_documents_finished_total", 'outcome="failed"', "30m")),
        bound=10,
        hold="0m",
        severity="ticket",
        summary="Documents fail",
        description="{{ $value | humanize }} in half an hour.",
        board=BOARD,
        panel="Documents that fail",
    ),
    Alert(
        name="DeadLettersPile",
        value=most(whole("docmill_dead_letters")),
        bound=100,
        hold="10m",
        severity="ticket",
        summary="Dead letters pile up",
        description="{{ $value | humanize }} documents failed and wait for somebody to look at them.",
        board=BOARD,
        panel="Dead letters",
    ),
    Alert(
        name="WebhooksFail",
        value=total(gained("docmill_webhook_deliveries_total", 'outcome="failed"', "1h")),
        bound=0,
        hold="0m",
        severity="ticket",
        summary="Webhooks are not delivered",
        description="{{ $value | humanize }} deliveries were given up in an hour, after all their tries.",
        board="docmill-api",
        panel="Webhook deliveries",
    ),
)
