"""Random walks over the account operations of all keys, for the model to be held against.

A walk says what is sent and nothing of what has to come back: each answer is judged by the rules as it arrives, and
after each step a list is asked for, so that a difference has one step that can have caused it.
"""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from contract_tests.accounts import RETAILER, Accounts
from contract_tests.errors import NotEstablished, RunError
from contract_tests.exchange import Key, Operation
from contract_tests.model import FIELDS
from contract_tests.run import Run

STEPS = 15
MOST = 8  # accounts of one key at once: more would make the lists of every step long

_KEYS = st.sampled_from(list(Key)[:2])
_PLACES = st.integers(0, 1000)
_WITHOUT: st.SearchStrategy[tuple[str, ...]] = st.sampled_from([(), (), ("retailer",), ("password",)])
_NAMES = st.lists(st.sampled_from(FIELDS), unique=True, max_size=3)
_WRONG = st.sampled_from([42, True, ["text"], {"text": "text"}])


class Walk(RuleBasedStateMachine):
    """One walk; `walk` binds it to a run."""

    run: ClassVar[Run]
    trouble: ClassVar[list[RunError]]

    def _take(self, step: Callable[..., None], *arguments: Any) -> None:
        """Take a step, unless an error of the run has happened; hypothesis must not take it for a finding."""
        if self.trouble:
            return
        try:
            step(self.run, *arguments)
        except NotEstablished:
            return  # the rules have seen the answer that made it so
        except RunError as error:
            self.trouble.append(error)

    @rule(key=_KEYS, without=_WITHOUT)
    def create(self, key: Key, without: tuple[str, ...]) -> None:
        """Create an account as the page shows it."""
        self._take(_create, key, without)

    @rule(key=_KEYS, place=_PLACES, names=_NAMES)
    def update(self, key: Key, place: int, names: Sequence[str]) -> None:
        """Update any fields of any account."""
        self._take(_update, key, place, names)

    @rule(key=_KEYS, place=_PLACES)
    def delete(self, key: Key, place: int) -> None:
        """Delete any account."""
        self._take(_delete, key, place)

    @rule(key=_KEYS, place=_PLACES, name=st.sampled_from(FIELDS), value=_WRONG)
    def send_what_is_refused(self, key: Key, place: int, name: str, value: object) -> None:
        """Update a field of any account with a value that is no string."""
        self._take(_send_what_is_refused, key, place, {name: value})

    @rule(key=_KEYS, place=_PLACES)
    def delete_again(self, key: Key, place: int) -> None:
        """Delete an account that is gone."""
        self._take(_delete_again, key, place)

    def teardown(self) -> None:
        """Delete what the walk made."""
        self._take(Run.tidy)


def walk(run: Run, examples: int, number: int) -> None:
    """Take random walks.

    Args:
        run: sends and judges.
        examples: how many walks.
        number: the same number takes the same walks.

    Raises:
        RunError: the run could not go on.
    """
    trouble: list[RunError] = []
    bound = type("BoundWalk", (Walk,), {"run": run, "trouble": trouble})
    run_state_machine_as_test(
        seed(number)(bound),
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            verbosity=Verbosity.quiet,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if trouble:
        raise trouble[0]


def _accounts(run: Run, key: Key) -> Accounts:
    """The operations under a key, under the first one where there is no second."""
    return run.accounts.get(key, run.accounts[Key.FIRST])


def _one_of(run: Run, accounts: Accounts, place: int) -> str:
    """One of the accounts of a key, chosen by a number that does not depend on how many there are."""
    alive = run.model.alive(accounts.key)
    if not alive:
        raise NotEstablished("there is no account")
    return alive[place % len(alive)].short_id


def _create(run: Run, key: Key, without: tuple[str, ...]) -> None:
    accounts = _accounts(run, key)
    if len(run.model.alive(accounts.key)) < MOST:
        accounts.make(without=without)
        _look(run)


def _update(run: Run, key: Key, place: int, names: Sequence[str]) -> None:
    accounts = _accounts(run, key)
    values = {"email": accounts.mint.email(), "password": accounts.mint.password(), "retailer": RETAILER}
    accounts.update(_one_of(run, accounts, place), **{name: values[name] for name in FIELDS if name in names})
    _look(run)


def _delete(run: Run, key: Key, place: int) -> None:
    accounts = _accounts(run, key)
    accounts.delete(_one_of(run, accounts, place))
    _look(run)


def _send_what_is_refused(run: Run, key: Key, place: int, wrong: dict[str, Any]) -> None:
    accounts = _accounts(run, key)
    accounts.send(Operation.UPDATE, target=_one_of(run, accounts, place), fields=wrong)
    _look(run)


def _delete_again(run: Run, key: Key, place: int) -> None:
    accounts = _accounts(run, key)
    gone = [known.short_id for known in run.model.accounts[accounts.key].values() if not known.alive]
    if gone:
        accounts.send(Operation.DELETE, target=gone[place % len(gone)])
        _look(run)


def _look(run: Run) -> None:
    """List the accounts of every key that has some."""
    for key, accounts in run.accounts.items():
        if run.model.accounts[key]:
            accounts.listing()
