"""A graph as a picture: its steps from left to right, and what each waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

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


@dataclass(frozen=True)
class Box:
    """A step as it is drawn.

    Args:
        after: the steps that it waits for, which come before it.
        below: its second line.
        says: its tooltip.
        kinds: words for a style sheet.
        link: where it leads; empty is nowhere.
    """

    name: str
    after: Sequence[str]
    below: str
    says: str
    kinds: str = ""
    link: str = ""


def draw(pipeline: Pipeline) -> str:
    """The picture, as SVG. What maps over a list is dashed, the result has a thicker edge; each box names its lane."""
    boxes = [_box_of(name, pipeline) for name in pipeline.calls]
    return draw_boxes(f"{pipeline.name}: {', '.join(pipeline.calls)}", boxes, STYLE)


def draw_boxes(told: str, boxes: Sequence[Box], style: str = "") -> str:
    """The picture of any graph, as SVG.

    Args:
        told: what it shows, for who does not see it.
        style: a style sheet; without one the classes are for the page that it stands on.
    """
    layers = _layers(boxes)
    rows: dict[int, int] = {}
    places: dict[str, Place] = {}
    for name, layer in layers.items():
        row = rows[layer] = rows.get(layer, -1) + 1
        places[name] = EDGE + layer * (WIDE + APART), EDGE + row * (HIGH + BELOW)
    width = max(x for x, _ in places.values()) + WIDE + EDGE
    height = max(y for _, y in places.values()) + HIGH + EDGE
    lines = [_line(places[before], places[box.name]) for box in boxes for before in box.after]
    sheet = f"<style>{style}</style>" if style else ""
    role = "group" if any(box.link for box in boxes) else "img"  # what can be followed is no mere picture
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="{role}"><title>{escape(told)}</title>{sheet}{"".join(lines)}'
        f"{''.join(_box(box, places[box.name]) for box in boxes)}</svg>\n"
    )


def _box_of(name: str, pipeline: Pipeline) -> Box:
    call = pipeline.calls[name]
    kinds = " ".join(word for word, holds in (("fan", call.over), ("result", name == pipeline.result)) if holds)
    below = f"{call.step.lane}{f', {call.step.model}' if call.step.model else ''}"
    return Box(name, call.upstream, below, call.step.name, kinds)


def _layers(boxes: Sequence[Box]) -> Mapping[str, int]:
    """Each step's layer: behind the last of those that it waits for."""
    layers: dict[str, int] = {}
    for box in boxes:
        layers[box.name] = max((layers[before] + 1 for before in box.after), default=0)
    return layers


def _line(start: Place, end: Place) -> str:
    x, y, to_x, to_y = start[0] + WIDE, start[1] + HIGH // 2, end[0], end[1] + HIGH // 2
    bend = APART // 2
    return f'<path d="M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"/>'


def _box(box: Box, place: Place) -> str:
    x, y = place
    drawn = (
        f'<g class="{escape(box.kinds)}"><title>{escape(box.says)}</title>'
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6"/>'
        f'<text x="{x + 10}" y="{y + 20}">{escape(_short(box.name))}</text>'
        f'<text class="lane" x="{x + 10}" y="{y + 36}">{escape(_short(box.below))}</text></g>'
    )
    return f'<a href="{escape(box.link)}">{drawn}</a>' if box.link else drawn


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:22]}…"
