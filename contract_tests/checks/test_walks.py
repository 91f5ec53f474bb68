"""Random walks over the four operations and all keys, held against the model after each step."""

import pytest

from contract_tests.run import Run

requirement = pytest.mark.requirement


@requirement("MA-CREATE-LISTED", "MA-CREATE-ONE", "MA-CREATE-OTHERS-UNTOUCHED", "MA-LIST-MATCHES-CREATE")
@requirement("MA-LIST-TOTAL-COUNTS", "MA-LIST-ONCE", "MA-FIELDS-ID-UNIQUE", "MA-FIELDS-SHORT-ID-UNIQUE")
@requirement("MA-UPDATE-EMAIL", "MA-UPDATE-RETAILER", "MA-UPDATE-KEEPS-EMAIL", "MA-UPDATE-KEEPS-RETAILER")
@requirement(
    "MA-UPDATE-KEEPS-ID", "MA-UPDATE-KEEPS-CREATED-AT", "MA-UPDATE-PERSISTS", "MA-UPDATE-OTHERS-UNTOUCHED"
)
@requirement("MA-DELETE-UNLISTED", "MA-DELETE-STAYS-GONE", "MA-DELETE-OTHERS-REMAIN")
@requirement("MA-DELETE-UNKNOWN-CHANGES-NOTHING", "MA-UPDATE-REFUSED-CHANGES-NOTHING")
def test_random_walks_agree_with_the_model(run: Run) -> None:
    """Creates, updates, deletes, refused updates and second deletes, in any order."""
    from contract_tests.walk import (
        walk,  # hypothesis takes a moment to load: only runs that use it wait for it
    )

    walk(run, run.settings.max_examples, run.settings.seed)
