"""The rules that a client's requests are held to, as a table."""

from mock_server.grading.findings import RULES
from publishing.generated.tables import table


def findings() -> str:
    """Return the rules, each with its level and what it asks."""
    return table(("rule", "level", "asks"), [(f"`{rule.name}`", rule.level, rule.about) for rule in RULES])
