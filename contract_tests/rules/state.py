"""What answers owe to earlier answers: created accounts are listed, changes last, nothing else moves.

Each difference is laid to the one requirement that it breaks. Where several requests since the last list could have
caused it, none is blamed.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contract_tests.answers import (
    ACCOUNT_FIELDS,
    Account,
    answered_account,
    instant,
    listed_accounts,
    name_of,
    names_listed_twice,
)
from contract_tests.exchange import Exchange, Key, Operation
from contract_tests.journal import markers_in
from contract_tests.judgement import Judgement, show
from contract_tests.model import Known, Model, provided, same_name
from contract_tests.rules.fields import well_typed

FEW = 10  # a list shorter than this is one that no server cuts
OF_THE_SERVER = ("id", "short_id", "created_at")


def judge_state(exchange: Exchange, model: Model) -> Iterator[Judgement]:
    """Hold one answer against what the answers before it have promised."""
    intent, response = exchange.intent, exchange.response
    if not response.succeeded or intent.key is Key.NONE:
        return
    if intent.operation is Operation.LIST:
        yield from _judge_list(exchange, model)
    elif intent.operation is Operation.CREATE:
        yield from _judge_new_names(exchange, model)
    elif intent.operation is Operation.UPDATE and intent.plain:
        yield from _judge_update_answer(exchange, model)


# Creates and updates, by their own answers


def _judge_new_names(exchange: Exchange, model: Model) -> Iterator[Judgement]:
    account = answered_account(exchange.response) or {}
    gone = [known for held in model.accounts.values() for known in held.values() if not known.alive]
    for requirement, name in (
        ("MA-FIELDS-ID-NOT-REUSED", "id"),
        ("MA-FIELDS-SHORT-ID-NOT-REUSED", "short_id"),
    ):
        value = account.get(name)
        if value is None or not gone:
            continue
        former = next((known for known in gone if known.shown.get(name) == value), None)
        yield Judgement(
            requirement,
            former is None,
            f"a new {name}",
            f"{name} {show(value)}, which a deleted account had",
            [*(former.history if former else []), exchange],
        )
    yield from _judge_sequence_of_creation(exchange, account, model)


def _judge_sequence_of_creation(exchange: Exchange, account: Account, model: Model) -> Iterator[Judgement]:
    made = instant(account.get("created_at"))
    latest_first = reversed(model.accounts[exchange.intent.key].values())
    earlier = (
        (before, known) for known in latest_first if (before := instant(known.answered.get("created_at")))
    )
    before, known = next(earlier, (None, None))
    if made is None or before is None or known is None or exchange.intent.racing:
        return
    yield Judgement(
        "MA-FIELDS-CREATED-AT-SEQUENCE",
        made >= before,
        f"created_at not before {before.isoformat()}, that of an account made earlier",
        show(account["created_at"]),
        [known.origin, exchange],
    )


def _judge_update_answer(exchange: Exchange, model: Model) -> Iterator[Judgement]:
    known = model.find(exchange.intent.target)
    account = exchange.response.json
    if known is None or known.key is not exchange.intent.key:
        return
    complete = isinstance(account, dict) and set(ACCOUNT_FIELDS) <= account.keys()
    names_it = complete and (account["short_id"] == known.short_id or account["id"] == known.shown.get("id"))
    evidence = [known.origin, exchange]
    yield Judgement(
        "MA-UPDATE-ANSWERS-ACCOUNT",
        names_it,
        f"the account {known.short_id} with its six fields",
        show(account)
        if complete or not isinstance(account, dict)
        else f"fields {', '.join(account) or 'none'}",
        evidence,
    )
    if names_it:
        for name in OF_THE_SERVER:
            if name in known.shown and well_typed(name, account[name]):
                yield _kept_by_update(name, known, account, evidence)


def _kept_by_update(name: str, known: Known, account: Account, evidence: list[Exchange]) -> Judgement:
    requirement = f"MA-UPDATE-KEEPS-{name.upper().replace('_', '-')}"
    same = _same(name, known.shown[name], account[name])
    return Judgement(requirement, same, f"{name} {show(known.shown[name])}", show(account[name]), evidence)


# Lists


def _judge_list(exchange: Exchange, model: Model) -> Iterator[Judgement]:
    listed = listed_accounts(exchange.response)
    if listed is None:
        return
    key = exchange.intent.key
    causes = model.since_list[key]
    entries = {account.get("short_id"): account for account in listed}
    shared = names_listed_twice(listed)
    long_gone: Known | None = None
    for known in model.accounts[key].values():
        if known.short_id in shared:
            continue  # which of them it is nobody can tell
        entry = entries.get(known.short_id)
        if known.seen_gone and entry is None:
            long_gone = known  # one of them stands for all: in a long run there are very many
        elif not known.alive:
            yield from _judge_deleted(known, entry, exchange)
        elif entry is not None:
            yield from _judge_entry(known, entry, exchange, causes, model)
        elif not known.perhaps_gone and not known.missing:
            yield from _judge_missing(known, listed, exchange, causes)
    if long_gone is not None:
        yield from _judge_deleted(long_gone, None, exchange)
    yield from _judge_unknown_entries(listed, exchange, model)
    yield from _judge_isolation(listed, exchange, model)


def _judge_deleted(known: Known, entry: Account | None, exchange: Exchange) -> Iterator[Judgement]:
    is_back = entry is not None and (
        entry.get("id") == known.shown.get("id") or entry.get("email") == known.shown.get("email")
    )
    requirement = "MA-DELETE-STAYS-GONE" if known.seen_gone else "MA-DELETE-UNLISTED"
    yield Judgement(
        requirement,
        not is_back,
        f"no account {known.short_id}: it was deleted",
        f"{known.short_id} is listed" + (" again" if known.seen_gone else ""),
        [*known.history, exchange],
    )


def _judge_missing(
    known: Known, listed: list[Account], exchange: Exchange, causes: list[Exchange]
) -> Iterator[Judgement]:
    renamed = next((entry for entry in listed if _has_id_of(known, entry)), None)
    evidence = [*known.history, exchange]
    if renamed is not None:
        if known.changes and name_of(renamed):
            yield Judgement(
                "MA-UPDATE-KEEPS-SHORT-ID",
                False,
                f"short_id {known.short_id}",
                f"the same account as {show(renamed.get('short_id'))}",
                evidence,
            )
        return
    requirement: str | None = "MA-CREATE-LISTED"
    if known.listed is not None and causes and not known.changes:
        requirement = _blamed(causes, known)
    elif known.listed is None and (len(listed) >= FEW or not _are_creates(causes)):
        requirement = (
            None  # cut lists are for the check with many accounts, and others may have taken it away
        )
    if requirement:
        seen = f"{known.short_id} is not among the {len(listed)} listed"
        yield Judgement(
            requirement, False, f"account {known.short_id} in the list", seen, [*evidence, *causes[-1:]]
        )


def _is_renamed(entry: Account, model: Model) -> bool:
    """Whether an entry that goes by no name of ours is an account of ours all the same."""
    return any(_has_id_of(known, entry) for held in model.accounts.values() for known in held.values())


def _are_creates(causes: Iterable[Exchange]) -> bool:
    return all(cause.intent.operation is Operation.CREATE for cause in causes)


def _has_id_of(known: Known, entry: Account) -> bool:
    return known.shown.get("id") is not None and entry.get("id") == known.shown["id"]


def _judge_entry(
    known: Known, entry: Account, exchange: Exchange, causes: list[Exchange], model: Model
) -> Iterator[Judgement]:
    evidence = [*known.history, exchange]
    yield Judgement("MA-CREATE-LISTED", True)
    if known.uncertain:
        return
    if known.changes:
        yield from _judge_changed(known, entry, evidence, model)
    elif known.listed is None and not known.was_updated:
        yield from _judge_first_listing(known, entry, evidence, certain=causes == [known.origin])
    elif known.listed is not None:
        yield from _judge_untouched(known, entry, causes, evidence, model)


def _judge_first_listing(
    known: Known, entry: Account, evidence: list[Exchange], *, certain: bool
) -> Iterator[Judgement]:
    for name in ACCOUNT_FIELDS:
        if name not in known.answered or not well_typed(name, entry.get(name)):
            continue
        answered = known.answered[name]
        same = _same(name, answered, entry[name])
        known.disagreed |= set() if same else {name}
        if not same and not certain:
            continue  # another request may have changed it since
        yield Judgement(
            "MA-LIST-MATCHES-CREATE",
            same,
            f"{name} {show(answered)}, as the create answered",
            show(entry[name]),
            evidence,
        )


def _judge_untouched(
    known: Known, entry: Account, causes: list[Exchange], evidence: list[Exchange], model: Model
) -> Iterator[Judgement]:
    changed = [
        name
        for name in ACCOUNT_FIELDS
        if name in known.shown and well_typed(name, entry.get(name)) and entry[name] != known.shown[name]
    ]
    if causes:
        changed = [name for name in changed if name not in model.restless]
    else:
        model.restless.update(changed)
    if changed and known.before_change and all(_reverted(name, known, entry) for name in changed):
        requirement: str | None = "MA-UPDATE-PERSISTS"
    else:
        requirement = _blamed(causes, known)
    if not changed and known.shows_change:
        yield Judgement("MA-UPDATE-PERSISTS", True)
    if requirement:
        seen = ", ".join(f"{name} {show(entry[name])}" for name in changed)
        expected = ", ".join(f"{name} {show(known.shown[name])}" for name in changed) or "no change"
        yield Judgement(
            requirement,
            not changed,
            expected,
            seen or "no change",
            [*evidence[:-1], *causes[-1:], evidence[-1]],
        )


def _reverted(name: str, known: Known, entry: Account) -> bool:
    return name in ("email", "retailer") and entry[name] == (known.before_change or {}).get(name)


def _judge_changed(
    known: Known, entry: Account, evidence: list[Exchange], model: Model
) -> Iterator[Judgement]:
    wanted: dict[str, Any] = {}
    for change in known.changes:
        wanted.update(provided(change))
    answer = answered_account(known.changes[-1].response) or {}
    if answer.get("short_id") != known.short_id and not _has_id_of(known, answer):
        answer = {}  # another account, or none: judged where it came
    for name in ("email", "retailer"):
        if name in known.disagreed or not well_typed(name, entry.get(name)):
            continue
        if name in wanted or name in known.shown:
            yield from _judge_changed_field(name, wanted, known, entry, answer, evidence)
    for name in ("id", "created_at"):
        if name in known.shown and well_typed(name, entry.get(name)):
            yield _kept_by_update(name, known, entry, evidence)
    if "updated_at" not in model.restless:
        yield from _judge_updated_at(known, entry, wanted, evidence)


def _judge_changed_field(
    name: str, wanted: dict[str, Any], known: Known, entry: Account, answer: Account, evidence: list[Exchange]
) -> Iterator[Judgement]:
    """The list shows what is; together with the answer to the update it says which promise was broken."""
    right = wanted.get(name, known.shown.get(name))
    is_right = _same(name, right, entry[name])
    answer_is_right = name in answer and _same(name, right, answer[name])
    expected, seen = f"{name} {show(right)}", show(entry[name])
    if name in wanted:
        if is_right or not answer_is_right:
            yield Judgement(f"MA-UPDATE-{name.upper()}", is_right, expected, seen, evidence)
        if answer_is_right:
            yield Judgement("MA-UPDATE-PERSISTS", is_right, expected, seen, evidence)
    else:
        yield Judgement(f"MA-UPDATE-KEEPS-{name.upper()}", is_right, expected, seen, evidence)
    if is_right and name in answer:
        seen_in_answer = (
            f"{name} {show(answer[name])} in the answer, {show(entry[name])} in the list after it"
        )
        yield Judgement("MA-UPDATE-ANSWERS-NEW-VALUES", answer_is_right, expected, seen_in_answer, evidence)


def _judge_updated_at(
    known: Known, entry: Account, wanted: dict[str, Any], evidence: list[Exchange]
) -> Iterator[Judgement]:
    before, after = instant(known.shown.get("updated_at")), instant(entry.get("updated_at"))
    if before is None or after is None:
        return
    shown = f"updated_at {show(known.shown['updated_at'])}"
    yield Judgement(
        "MA-FIELDS-UPDATED-AT-SEQUENCE",
        after >= before,
        f"{shown} or later",
        show(entry["updated_at"]),
        evidence,
    )
    if not wanted and known.listed is not None:
        yield Judgement(
            "MA-UPDATE-EMPTY-KEEPS-UPDATED-AT", after == before, shown, show(entry["updated_at"]), evidence
        )


def _judge_unknown_entries(listed: list[Account], exchange: Exchange, model: Model) -> Iterator[Judgement]:
    """Accounts that carry a marker of ours and that no answer has told us of."""
    key = exchange.intent.key
    extra = False
    for entry in listed:
        if model.find(entry.get("short_id")) or _is_renamed(entry, model):
            continue
        for marker in markers_in(str(entry.get("email"))):
            sender = model.senders.get(marker)
            if (
                sender is None
                or model.keys_of[marker].isdisjoint({key, Key.NONE})
                or marker in model.unplaced
                or not model.is_certain_of(marker)
            ):
                continue
            extra = True
            if requirement := _requirement_against_making(sender, model):
                seen = f"a list with another account, {show(entry.get('short_id'))}, email {show(entry.get('email'))}"
                yield Judgement(requirement, False, "no such account", seen, [sender, exchange])
    causes = model.since_list[key]
    if not extra:
        for requirement in {_requirement_against_making(cause, model) for cause in causes} - {None}:
            yield Judgement(str(requirement), True)


def _requirement_against_making(sender: Exchange, model: Model) -> str | None:
    """The requirement that an account is against that came from this request without an answer saying so."""
    intent = sender.intent
    if intent.key is Key.NONE:
        return "MA-AUTH-REFUSED-CHANGES-NOTHING" if sender.response.refused else None
    if intent.operation is Operation.CREATE:
        return "MA-CREATE-ONE" if sender.response.succeeded else "MA-CREATE-REFUSED-MAKES-NOTHING"
    if intent.blame:
        return intent.blame
    if intent.operation is Operation.UPDATE and model.find(intent.target) is None:
        return "MA-UPDATE-UNKNOWN-MAKES-NOTHING"
    return None


def _judge_isolation(listed: list[Account], exchange: Exchange, model: Model) -> Iterator[Judgement]:
    key = exchange.intent.key
    other = Key.SECOND if key is Key.FIRST else Key.FIRST
    if not model.alive(other):
        return
    foreign = [
        entry for entry in listed if (known := model.find(entry.get("short_id"))) and known.key is other
    ]
    for entry in listed:
        if model.find(entry.get("short_id")) is None:
            owners = {key for marker in markers_in(str(entry.get("email"))) for key in model.keys_of[marker]}
            foreign += [entry] if owners == {other} else []
    evidence = [model.alive(other)[0].origin, exchange]
    seen = f"{len(foreign)} accounts that were made with the {other.value} key"
    yield Judgement("MA-ISOLATION-LIST", not foreign, f"no account of the {other.value} key", seen, evidence)


# Who is to blame


def _blamed(causes: Iterable[Exchange], known: Known) -> str | None:
    """The one requirement that all requests since the last list share against changing this account."""
    requirements = {_requirement_against_changing(cause, known) for cause in causes}
    if not requirements:
        return "MA-LIST-CHANGES-NOTHING"
    return requirements.pop() if len(requirements) == 1 else None


def _requirement_against_changing(cause: Exchange, known: Known) -> str | None:
    """The requirement that a request breaks if it changes an account that it should leave alone."""
    intent, response = cause.intent, cause.response
    if intent.blame:
        return intent.blame
    if intent.key is Key.NONE:
        return "MA-AUTH-REFUSED-CHANGES-NOTHING" if response.refused else None
    if intent.operation is None or response.status >= 500:
        return None
    if intent.key is not known.key:
        return _AGAINST_OTHER_KEYS.get(intent.operation)
    if not (intent.plain or response.refused):
        return None
    if intent.target == known.short_id and response.succeeded:
        return None
    if intent.operation is Operation.CREATE and response.succeeded:
        return _against_new_account(intent.fields or {}, known)
    return (
        _AGAINST[intent.operation][0 if response.succeeded else 1] if intent.operation in _AGAINST else None
    )


def _against_new_account(fields: Mapping[str, object], known: Known) -> str:
    """Whether accounts may share an address or a retailer is left open; that a create spares others is not."""
    if fields.get("email") == known.shown.get("email"):
        return "MA-CREATE-SAME-EMAIL"
    if not same_name(fields.get("retailer"), known.shown.get("retailer")):
        return "MA-CREATE-OTHERS-UNTOUCHED"
    return "MA-CREATE-SAME-RETAILER" if fields.get("retailer") else "MA-CREATE-SECOND-DEFAULT"


_AGAINST_OTHER_KEYS = {
    Operation.UPDATE: "MA-ISOLATION-UPDATE-CHANGES-NOTHING",
    Operation.DELETE: "MA-ISOLATION-DELETE-CHANGES-NOTHING",
}
# operation -> the requirement when it succeeded, and when it was refused
_AGAINST = {
    Operation.CREATE: (None, "MA-CREATE-REFUSED-MAKES-NOTHING"),
    Operation.UPDATE: ("MA-UPDATE-OTHERS-UNTOUCHED", "MA-UPDATE-REFUSED-CHANGES-NOTHING"),
    Operation.DELETE: ("MA-DELETE-OTHERS-REMAIN", "MA-DELETE-UNKNOWN-CHANGES-NOTHING"),
}


def _same(name: str, one: object, other: object) -> bool:
    """Whether two values of a field say the same: instants to the second, retailers without regard to case."""
    if name.endswith("_at"):
        first, second = instant(one), instant(other)
        return first is not None and second is not None and abs((first - second).total_seconds()) < 1
    if name in ("retailer", "id") and isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return one == other
