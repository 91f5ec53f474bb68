"""The smaller calibration: some deviations, and some legal servers, each checked by the whole kit."""

import pytest

from calibration.campaign import check_for
from calibration.judging import Judged, JudgedVariant, Verdict
from calibration.servers import try_deviations, try_variant
from calibration.trial import Check
from calibration.variants.catalogue import VARIANTS
from contract_tests.catalogue import Level
from mock_server.deviations.catalogue import deviation_named

# From each corner of the catalogue: a status, a value, a secret, a list that is cut, a rare fault, two requests at
# once, a key that sees another's accounts, an order that jumps the queue.
DEVIATIONS = (
    "delete-answers-200",
    "password-update-resets-retailer",
    "password-in-create-answer",
    "list-cut-at-20",
    "delete-forgotten-one-in-twenty",
    "overlapping-updates-lose-one",
    "list-shows-other-keys",
    "last-in-line-comes-first",
)
VARIANT_NAMES = ("errors-mixed", "silent-update", "one-account-a-retailer")


@pytest.mark.parametrize("name", DEVIATIONS)
def test_a_deviation_is_caught_for_the_right_reason_and_for_no_other(name):
    deviation = deviation_named(name)
    judged = Judged(deviation, try_deviations((deviation,), check_for(deviation)))
    assert (judged.verdict, judged.unrelated) == (Verdict.CAUGHT, frozenset()), judged.trial


@pytest.mark.parametrize(
    "variant", [one for one in VARIANTS if one.name in VARIANT_NAMES], ids=lambda one: one.name
)
def test_a_legal_server_is_not_called_wrong_and_its_answers_are_read(variant):
    judged = JudgedVariant(variant, 1, try_variant(variant, Check(level=Level.DOCUMENTED, seed=1)))
    assert not judged.called_wrong, judged.trial
    assert judged.misread == {}
