"""The curves as an SVG picture: one panel for each thing that grows, both axes logarithmic."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from benchmarks.part import Curve

_WIDTH, _HEIGHT = 420, 270  # of a panel
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 32, 34, 62
_LOWEST, _HIGHEST = 0.1, 10.0  # milliseconds; widened where a curve leaves them
_COLOURS = ("#0b6e99", "#c4541a", "#4d7c0f", "#7c3aed")
_STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1f2933 }
  .title { font-size: 13px; font-weight: 600 }
  .grid { stroke: #d5dbe1; stroke-width: 1 }
  .back { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e7eb } .grid { stroke: #3e4c59 } .back { fill: #161b22 }
  }
"""


def svg(curves: Sequence[Curve]) -> str:
    """Draw the curves.

    Args:
        curves: at least one; those against the same thing share a panel.
    """
    panels = list(dict.fromkeys(curve.against for curve in curves))
    columns = min(2, len(panels))
    width, height = columns * _WIDTH, math.ceil(len(panels) / columns) * _HEIGHT
    costs = [cost for curve in curves for _, cost in curve.points]
    low = 10 ** math.floor(math.log10(min(_LOWEST, *costs)))
    high = 10 ** math.ceil(math.log10(max(_HIGHEST, *costs)))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="Milliseconds an answer takes, against how much there is">',
        f"<style>{_STYLE}</style>",
        f'<rect class="back" width="{width}" height="{height}"/>',
    ]
    for index, against in enumerate(panels):
        x, y = index % columns * _WIDTH, index // columns * _HEIGHT
        shown = [curve for curve in curves if curve.against == against]
        lines += [f'<g transform="translate({x} {y})">', *_Panel(shown, low, high).lines(), "</g>"]
    return "\n".join([*lines, "</svg>", ""])


class _Panel:
    """The curves against one thing."""

    def __init__(self, curves: Sequence[Curve], low: float, high: float) -> None:
        self._curves = curves
        self._sizes = sorted({size for curve in curves for size, _ in curve.points})
        self._low, self._high = low, high

    def lines(self) -> Iterator[str]:
        yield f'<text class="title" x="{_LEFT}" y="18">ms against {escape(self._curves[0].against)}</text>'
        yield from self._grid()
        for index, curve in enumerate(self._curves):
            colour = _COLOURS[index % len(_COLOURS)]
            points = " ".join(f"{self._x(size):.1f},{self._y(cost):.1f}" for size, cost in curve.points)
            yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
            for size, cost in curve.points:
                yield f'<circle cx="{self._x(size):.1f}" cy="{self._y(cost):.1f}" r="3" fill="{colour}"/>'
        yield from self._legend()

    def _grid(self) -> Iterator[str]:
        for size in self._sizes:
            x = self._x(size)
            yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>'
            yield f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{size:,}</text>'
        cost = self._low
        while cost <= self._high * 1.001:
            y = self._y(cost)
            yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{cost:g}</text>'
            cost *= 10

    def _legend(self) -> Iterator[str]:
        step = (_WIDTH - _LEFT - _RIGHT) / len(self._curves)
        for index, curve in enumerate(self._curves):
            x, y = _LEFT + index * step, _HEIGHT - 22
            yield f'<circle cx="{x + 5:.1f}" cy="{y - 4}" r="4" fill="{_COLOURS[index % len(_COLOURS)]}"/>'
            yield f'<text x="{x + 14:.1f}" y="{y}">{escape(curve.name)}</text>'

    def _x(self, size: int) -> float:
        most = math.log10(self._sizes[-1]) or 1
        return _LEFT + math.log10(size) / most * (_WIDTH - _LEFT - _RIGHT)

    def _y(self, cost: float) -> float:
        share = math.log10(cost / self._low) / math.log10(self._high / self._low)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)
