"""The rules that every answer of a run is held against as it arrives.

A rule is a function from an exchange to judgements. It says nothing where it has nothing to say, and lays each fault
to one requirement.
"""

from contract_tests.rules.errors import judge_errors
from contract_tests.rules.fields import judge_fields
from contract_tests.rules.operations import judge_operations
from contract_tests.rules.orders import judge_orders
from contract_tests.rules.secrets import judge_secrets
from contract_tests.rules.state import judge_state

__all__ = ["judge_errors", "judge_fields", "judge_operations", "judge_orders", "judge_secrets", "judge_state"]
