"""Requests generated from the specification. What the answers are held against is said in `fuzzing` and `rules`."""

import random

import pytest

from contract_tests.exchange import Key
from contract_tests.proxy import Adapter, Proxy
from contract_tests.run import Run

requirement = pytest.mark.requirement


@requirement("MA-ERRORS-NO-5XX", "MA-ERRORS-SHAPE", "MA-ERRORS-CONSISTENT", "MA-ERRORS-CONTENT-TYPE")
@requirement("MA-FIELDS-ID", "MA-FIELDS-SHORT-ID", "MA-FIELDS-EMAIL", "MA-FIELDS-RETAILER")
@requirement("MA-FIELDS-CREATED-AT", "MA-FIELDS-UPDATED-AT", "MA-LIST-CREDENTIALS", "MA-LIST-TOTAL")
@requirement(
    "MA-SECRETS-VALIDATION-ERRORS", "MA-SECRETS-OTHER-ERRORS", "MA-SECRETS-HEADERS", "MA-SECRETS-DERIVED"
)
def test_generated_requests_are_answered_by_the_specification(run: Run) -> None:
    """Examples, edge cases of every field, random requests, and chains along the links of the specification."""
    from contract_tests.fuzzing import (
        fuzz,  # schemathesis takes a moment to load: only runs that use it wait for it
    )

    settings = run.settings
    path = run.specification.accounts_path
    adapter = Adapter(run.mint, run.guard, run.model, path, random.Random(settings.seed))
    with Proxy(run.client, adapter).running() as proxy:
        document, key = run.specification.document, run.keys[Key.FIRST]
        for judgement in fuzz(document, proxy, settings.seed, settings.max_examples, key):
            run.findings.record(judgement)
    if proxy.trouble:
        raise proxy.trouble
