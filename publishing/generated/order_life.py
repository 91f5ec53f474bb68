"""The life of an order, drawn and told from the table of its states and moves."""

from mock_server.domain.orders import ITEM_STATUS, MOVES, Move, OrderStatus
from publishing.generated.tables import table

_BOX, _GAP = (150, 44), (180, 76)
_MARGIN = 12
_SAYS = {
    (OrderStatus.PENDING, Move.START): "its turn: the lock is free",
    (OrderStatus.PENDING, Move.FAIL): "its account is deleted",
    (OrderStatus.IN_PROGRESS, Move.PLACE): "the shop takes it",
    (OrderStatus.IN_PROGRESS, Move.FAIL): "the shop or the account refuses",
}


def order_life() -> str:
    """Return the states, what can happen in each, and what an order's items show meanwhile."""
    rows = [
        (
            f"`{state}`",
            ", ".join(f"{move} → `{following}`" for move, following in moves.items())
            or "nothing: it is final",
            f"`{ITEM_STATUS[state]}`",
        )
        for state, moves in MOVES.items()
    ]
    return table(("status", "what can happen", "its items are"), rows)


def order_life_picture() -> str:
    """Return the same as a picture, which follows the light or dark of whoever looks at it."""
    places = _places()
    width = max(x for x, _ in places.values()) + _BOX[0] + _MARGIN
    height = max(y for _, y in places.values()) + _BOX[1] + _MARGIN
    arrows = [
        _arrow(places[state], places[following], move, _SAYS[state, move])
        for state, moves in MOVES.items()
        for move, following in moves.items()
    ]
    boxes = [_box(state, *place) for state, place in places.items()]
    return _DRAWING.format(width=width, height=height, shapes="\n".join([*arrows, *boxes]))


def _places() -> dict[OrderStatus, tuple[int, int]]:
    """Place each state: as far right as the moves that lead to it, below those that are there already."""
    depth = dict.fromkeys(MOVES, 0)
    for _ in MOVES:
        for state, moves in MOVES.items():
            for following in moves.values():
                depth[following] = max(depth[following], depth[state] + 1)
    rows: dict[int, int] = {}
    places = {}
    for state, column in depth.items():
        row = rows[column] = rows.get(column, -1) + 1
        places[state] = (_MARGIN + column * (_BOX[0] + _GAP[0]), _MARGIN + row * (_BOX[1] + _GAP[1]))
    return places


def _box(state: OrderStatus, x: int, y: int) -> str:
    kind = "state" if MOVES[state] else "final"
    middle, baseline = x + _BOX[0] // 2, y + _BOX[1] // 2 + 5
    return (
        f'  <rect class="{kind}" x="{x}" y="{y}" width="{_BOX[0]}" height="{_BOX[1]}" rx="8"/>\n'
        f'  <text class="name" x="{middle}" y="{baseline}">{state}</text>'
    )


def _arrow(start: tuple[int, int], end: tuple[int, int], move: Move, why: str) -> str:
    """Draw a move: straight within a row, with its words above and below; else down first and then to the right."""
    x, y = start[0] + _BOX[0], start[1] + _BOX[1] // 2
    to_x, to_y = end[0] - 7, end[1] + _BOX[1] // 2
    path, kind = f"M{x} {y}H{to_x}", ""
    word, reason = (x + _GAP[0] // 2 - 4, y - 9), (x + _GAP[0] // 2 - 4, y + 18)
    if y != to_y:
        x, y = start[0] + _BOX[0] // 2, start[1] + _BOX[1]
        path, kind = f"M{x} {y}V{to_y - 8}q0 8 8 8H{to_x}", " beside"
        word, reason = (x + 10, y + 24), (x + 10, y + 42)
    return (
        f'  <path class="move" d="{path}"/>\n'
        f'  <text class="word{kind}" x="{word[0]}" y="{word[1]}">{move}</text>\n'
        f'  <text class="why{kind}" x="{reason[0]}" y="{reason[1]}">{why}</text>'
    )


_DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>The life of an order</title>
<style>
  text {{ font: 14px ui-sans-serif, system-ui, sans-serif; text-anchor: middle; fill: #1f2937 }}
  .name {{ font-family: ui-monospace, monospace; font-size: 13px }}
  .word {{ font-weight: 600; font-size: 13px }}
  .why {{ font-size: 11.5px; fill: #6b7280 }}
  .beside {{ text-anchor: start }}
  rect {{ fill: #fff; stroke: #9ca3af; stroke-width: 1.5 }}
  .final {{ fill: #f3f4f6; stroke: #1f2937 }}
  .move {{ fill: none; stroke: #6b7280; stroke-width: 1.5; marker-end: url(#head) }}
  marker path {{ fill: #6b7280 }}
  @media (prefers-color-scheme: dark) {{
    text {{ fill: #e5e7eb }}
    .why {{ fill: #9ca3af }}
    rect {{ fill: #111827; stroke: #6b7280 }}
    .final {{ fill: #1f2937; stroke: #e5e7eb }}
  }}
</style>
<defs>
  <marker id="head" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8" orient="auto">
    <path d="M0 0 8 4 0 8z"/>
  </marker>
</defs>
{shapes}
</svg>
"""
