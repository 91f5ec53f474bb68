"""Draws the observed lives of orders as lanes, one an account."""

from collections.abc import Mapping
from html import escape
from typing import Any

WIDTH = 900
LEFT = 150  # room for the names of accounts
BAR = 14
GAP = 4
_CLASSES = {
    "pending": "waiting",
    "in_progress": "running",
    "order_placed": "placed",
    "order_failed": "failed",
}


def draw_lanes(timelines: Mapping[str, Any]) -> str:
    """An SVG picture of the lanes, with a legend in words.

    Args:
        timelines: as `timeline.Timeline.to_json` makes them.
    """
    scale = (WIDTH - LEFT) / max(timelines["seconds"], 0.001)
    parts, y = [], 0.0
    for lane in timelines["lanes"]:
        height = len(lane["orders"]) * (BAR + GAP) + 2 * GAP
        parts.append(f'<rect class=lane x="0" y="{y}" width="{WIDTH}" height="{height}"/>')
        parts.append(f'<text x="6" y="{y + height / 2 + 4}">{escape(lane["account"])}</text>')
        for number, order in enumerate(lane["orders"]):
            parts += _bars(order, y + GAP + number * (BAR + GAP), scale)
        y += height + GAP
    words = "".join(
        f'<span><i class="{kind}"></i>{status}</span>'
        for status, kind in _CLASSES.items()
        if kind != "placed"
    )
    return (
        f'<svg class=lanes viewBox="0 0 {WIDTH} {y:.0f}" role="img" aria-label="Orders of each account over time">'
        f"{''.join(parts)}</svg><p class='fine legend'>{words}<span>{timelines['seconds']:.1f} s in all</span></p>"
    )


def _bars(order: Mapping[str, Any], y: float, scale: float) -> list[str]:
    bars = []
    for span in order["spans"]:
        kind = _CLASSES.get(span["status"], "other")
        width = max((span["to"] - span["from"]) * scale, 2.0) if kind in ("waiting", "running") else 4.0
        x = LEFT + span["from"] * scale
        tip = escape(f"{order['id']}: {span['status']} from {span['from']:.2f} s")
        bars.append(
            f'<rect class="{kind}" x="{min(x, WIDTH - 4):.1f}" y="{y}" width="{width:.1f}" height="{BAR}">'
            f"<title>{tip}</title></rect>"
        )
    return bars
