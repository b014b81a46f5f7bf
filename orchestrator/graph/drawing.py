"""A pipeline as a picture: its steps from left to right, and what each waits for."""

from collections.abc import Mapping
from html import escape

from orchestrator.graph.nodes import Call
from orchestrator.graph.pipeline import Pipeline

WIDE, HIGH = 168, 46
"""Of a step, in pixels."""
APART, BELOW = 64, 20
"""Between two layers, and between two steps of one."""
EDGE = 16
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c2733}.lane{font-size:11px;fill:#5b6b7c}"
    "rect{fill:#f4f7fa;stroke:#8da2b8}.result rect{stroke:#1769aa;stroke-width:2}"
    ".fan rect{stroke-dasharray:5 3}path{fill:none;stroke:#8da2b8;stroke-width:1.4}"
)

Place = tuple[int, int]


def draw(pipeline: Pipeline) -> str:
    """The picture, as SVG. What maps over a list is dashed, the result has a thicker edge; each box names its lane."""
    layers = _layers(pipeline.calls)
    rows: dict[int, int] = {}
    places: dict[str, Place] = {}
    for name, layer in layers.items():
        row = rows[layer] = rows.get(layer, -1) + 1
        places[name] = EDGE + layer * (WIDE + APART), EDGE + row * (HIGH + BELOW)
    width = max(x for x, _ in places.values()) + WIDE + EDGE
    height = max(y for _, y in places.values()) + HIGH + EDGE
    lines = [_line(places[before], places[name]) for name, call in pipeline.calls.items() for before in call.upstream]
    boxes = [_box(call, places[name], is_result=name == pipeline.result) for name, call in pipeline.calls.items()]
    told = escape(f"{pipeline.name}: {', '.join(pipeline.calls)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img"><title>{told}</title><style>{STYLE}</style>{"".join(lines)}{"".join(boxes)}</svg>\n'
    )


def _layers(calls: Mapping[str, Call]) -> dict[str, int]:
    """Each step's layer: behind the last of those that it waits for, which were recorded before it."""
    layers: dict[str, int] = {}
    for name, call in calls.items():
        layers[name] = max((layers[before] + 1 for before in call.upstream), default=0)
    return layers


def _line(start: Place, end: Place) -> str:
    x, y, to_x, to_y = start[0] + WIDE, start[1] + HIGH // 2, end[0], end[1] + HIGH // 2
    bend = APART // 2
    return f'<path d="M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"/>'


def _box(call: Call, place: Place, *, is_result: bool) -> str:
    x, y = place
    kinds = " ".join(word for word, holds in (("fan", call.over), ("result", is_result)) if holds)
    below = f"{call.step.lane}{f', {call.step.model}' if call.step.model else ''}"
    return (
        f'<g class="{kinds}"><title>{escape(call.step.name)}</title>'
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6"/>'
        f'<text x="{x + 10}" y="{y + 20}">{escape(_short(call.name))}</text>'
        f'<text class="lane" x="{x + 10}" y="{y + 36}">{escape(_short(below))}</text></g>'
    )


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:22]}…"
