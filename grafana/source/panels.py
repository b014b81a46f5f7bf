"""Panels and boards as values, and how Grafana's own SDK builds them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from grafana_foundation_sdk.builders import bargauge, common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.common import BigValueColorMode, GraphTresholdsStyleMode, StackingMode
from grafana_foundation_sdk.models.dashboard import (
    DashboardLinkType,
    DataSourceRef,
    FieldColorModeId,
    Threshold,
    ThresholdsConfig,
    ThresholdsMode,
    VariableRefresh,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from grafana.source.alerts import BY_NAME, Alert

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
COLUMNS = 24
Kind = Literal["graph", "stacked", "stat", "bars"]
LINES, NO_LINES = GraphTresholdsStyleMode.LINE, GraphTresholdsStyleMode.OFF
COLOURS = {"page": "red", "ticket": "orange"}


@dataclass(frozen=True)
class Panel:
    """One panel.

    Args:
        title, says: what it shows, and how to read it.
        unit: as Grafana has it.
        queries: expression, legend.
        alerts: whose thresholds it draws.
    """

    title: str
    says: str
    unit: str
    queries: Sequence[tuple[str, str]]
    alerts: Sequence[str] = ()
    kind: Kind = "graph"
    width: int = 8
    height: int = 7

    @property
    def watched(self) -> list[Alert]:
        """The alerts."""
        return [BY_NAME[name] for name in self.alerts]


@dataclass(frozen=True)
class Board:
    """One dashboard.

    Args:
        rows: title, panels.
        variables: label, of which family, in order.
    """

    uid: str
    title: str
    says: str
    rows: Sequence[tuple[str, Sequence[Panel]]]
    variables: Sequence[tuple[str, str]] = ()
    ids: dict[str, int] = field(default_factory=dict[str, int], compare=False)

    @property
    def panels(self) -> list[Panel]:
        """All of them, in order; a panel's id is its place, from 1."""
        return [panel for _, panels in self.rows for panel in panels]

    def build(self) -> Any:
        """As Grafana's SDK has it."""
        made = (
            dashboard.Dashboard(self.title).uid(self.uid).description(self.says).tags(["docmill"]).refresh("30s")
            .time("now-1h", "now").timezone("browser").readonly().with_variable(_datasource())
            .link(dashboard.DashboardLink("docmill").type(DashboardLinkType.DASHBOARDS).tags(["docmill"]).as_dropdown(True))
        )  # fmt: skip
        for label, family in self.variables:
            made = made.with_variable(_variable(label, family))
        number = 0
        for title, panels in self.rows:
            made = made.with_row(dashboard.Row(title))
            for panel in panels:
                number += 1
                made = made.with_panel(_built(panel).id(number))
        return made.build()


def _built(panel: Panel) -> Any:
    kinds: dict[str, Callable[[], Any]] = {"stat": stat.Panel, "bars": bargauge.Panel}
    made = kinds.get(panel.kind, timeseries.Panel)()
    made = (
        made.title(panel.title).description(panel.says).unit(panel.unit).datasource(SOURCE)
        .span(panel.width).height(panel.height).thresholds(_Thresholds(panel)).min(0)
    )  # fmt: skip
    if panel.kind in {"graph", "stacked"}:
        made = made.line_width(1).fill_opacity(30 if panel.kind == "stacked" else 8)
        made = made.thresholds_style(common.GraphThresholdsStyleConfig().mode(LINES if panel.alerts else NO_LINES))
    if panel.kind == "stacked":
        made = made.stacking(common.StackingConfig().mode(StackingMode.NORMAL))
    if panel.kind == "stat":
        made = made.color_mode(BigValueColorMode.BACKGROUND if panel.alerts else BigValueColorMode.NONE)
        made = made.color_scheme(dashboard.FieldColor().mode(FieldColorModeId.THRESHOLDS))
    for number, (expression, legend) in enumerate(panel.queries):
        query = prometheus.Dataquery().expr(expression).legend_format(legend).ref_id(chr(ord("A") + number))
        query = query.datasource(SOURCE).format(PromQueryFormat.TIME_SERIES)
        made = made.with_target(query.instant() if panel.kind in {"stat", "bars"} else query.range())
    return made


class _Thresholds(Builder[ThresholdsConfig]):
    """The bounds of a panel's alerts; what is too little is red below, what is too much above."""

    def __init__(self, panel: Panel) -> None:
        self._alerts = sorted(panel.watched, key=lambda alert: alert.bound)

    def build(self) -> ThresholdsConfig:
        """From the lowest on."""
        below = next((alert for alert in self._alerts if alert.op in {"<", "<="}), None)
        steps = [Threshold(value=None, color=COLOURS[below.severity] if below else "green")]
        for alert in self._alerts:
            colour = "green" if alert is below else COLOURS[alert.severity]
            if not any(step.value == alert.bound for step in steps):
                steps.append(Threshold(value=alert.bound, color=colour))
        return ThresholdsConfig(mode=ThresholdsMode.ABSOLUTE, steps=steps)


def _datasource() -> dashboard.DatasourceVariable:
    return dashboard.DatasourceVariable("datasource").label("Prometheus").type("prometheus")


def _variable(label: str, family: str) -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable(label).label(label).datasource(SOURCE).query(f"label_values({family}, {label})")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED).multi(True).include_all(True).all_value(".*")
    )  # fmt: skip
