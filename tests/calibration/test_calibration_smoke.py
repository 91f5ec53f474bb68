"""The smoke set: chosen for what its checks catch for their requests, and made by `zinc-contract check --smoke`."""

from hypothesis import given
from hypothesis import strategies as st

from calibration.campaign import SMOKE_REQUESTS
from calibration.smoke import smallest
from contract_tests.catalogue import load_smoke
from contract_tests.session import bindings, check
from contract_tests.settings import Settings

NAMES = st.sampled_from("abcdefgh")
CATCHES = st.dictionaries(
    st.sampled_from(["one", "two", "three", "four"]), st.frozensets(NAMES, min_size=1), min_size=1
)


def test_the_check_that_catches_more_for_its_requests_comes_first():
    by_check = {"dear": frozenset("abc"), "cheap": frozenset("ab"), "last": frozenset("c")}
    chosen = smallest(by_check, {"dear": 10, "cheap": 2, "last": 3})
    assert (chosen.checks, chosen.requests, chosen.missed) == (("cheap", "last"), 5, ())


def test_what_cannot_be_afforded_is_missed():
    by_check = {"dear": frozenset("abc"), "cheap": frozenset("a")}
    chosen = smallest(by_check, {"dear": 10, "cheap": 2}, 9)
    assert (chosen.checks, chosen.caught, chosen.missed) == (("cheap",), ("a",), ("b", "c"))


@given(CATCHES, st.integers(0, 30))
def test_a_set_keeps_its_budget_and_without_one_catches_everything(by_check, budget):
    costs = {name: 3 + len(name) for name in by_check}
    bounded, unbounded = smallest(by_check, costs, budget), smallest(by_check, costs)
    assert bounded.requests == sum(costs[name] for name in bounded.checks) <= budget
    assert unbounded.missed == ()
    assert set(bounded.caught) == frozenset().union(*(by_check[name] for name in bounded.checks))


def test_the_smoke_set_names_checks_of_the_kit():
    known = {name for names in bindings().values() for name in names}
    assert load_smoke()
    assert load_smoke() <= known


def test_a_smoke_run_conforms_on_the_mock_with_few_requests():
    done = check(Settings(smoke=True))
    assert done.trouble is None
    assert (done.report.verdict, done.report.run_errors) == ("conforms", ())
    assert done.report.requests <= SMOKE_REQUESTS
    assert done.report.count("passed") > 20


def test_deviations_that_come_first_are_caught_before_more_of_the_others():
    by_check = {"many": frozenset("abcd"), "one": frozenset("e")}
    chosen = smallest(by_check, {"many": 4, "one": 4}, 4, first=frozenset("e"))
    assert chosen.checks == ("one",)
