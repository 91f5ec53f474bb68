"""What managed accounts and orders have in common: somebody shows them, again and again, between changes."""

from typing import Any


class Resource:
    """Has room for what the edge made of it to show; a change of any field empties that room."""

    __slots__ = ("shown",)

    shown: Any

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        if name != "shown":
            object.__setattr__(self, "shown", None)
