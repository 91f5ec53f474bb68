"""A contract test kit for Zinc's Managed Accounts API, safe to point at a real server.

Every answer of a run is judged as it arrives, by `rules` (what one answer shows) and by `model` (what the answers
so far have promised). The checks in `checks` are experiments: they say what is sent, and add what only they know.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
