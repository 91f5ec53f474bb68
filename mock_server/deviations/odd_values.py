"""Deviations of odd values and fields that no one asked for: null, empty, no address, unknown."""

from typing import Any

from mock_server.deviations.building import (
    CREATE,
    LIST,
    UPDATE,
    answers,
    deviation,
    refusals,
    requests,
    shown_accounts,
)
from mock_server.deviations.turn import Turn
from mock_server.exchange import Answer

_MADE_UP = "nobody@example.com"
_KNOWN = {"email", "password", "retailer"}

Fields = dict[str, Any]


def _null(fields: Fields, name: str) -> str | None:
    return name if fields.get(name, "") is None else None


@deviation("create-takes-null-email", "MA-CREATE-EMAIL-NULL")
@requests(CREATE)
def create_takes_null_email(fields: Fields, _: Turn) -> None:
    """A create with a null email is accepted: a form that was left blank makes an account of nobody."""
    if _null(fields, "email"):
        fields["email"] = _MADE_UP


@deviation("create-refuses-null-retailer", "MA-CREATE-RETAILER-NULL")
@refusals(CREATE)
def create_refuses_null_retailer(fields: Fields, _: Turn) -> str | None:
    """A create with a null retailer is refused: a client that sends every field cannot make default credentials."""
    return _null(fields, "retailer")


@deviation("create-refuses-null-password", "MA-CREATE-PASSWORD-NULL")
@refusals(CREATE)
def create_refuses_null_password(fields: Fields, _: Turn) -> str | None:
    """A create with a null password is refused: a client that sends every field cannot leave it for later."""
    return _null(fields, "password")


@deviation("create-takes-any-text-as-email", "MA-CREATE-EMAIL-FORMAT")
def create_takes_any_text_as_email(turn: Turn) -> Answer:
    """A create takes any text for an address: a typing error shows only when the first order fails."""
    return _with_any_email(turn, CREATE)


@deviation("update-takes-any-text-as-email", "MA-UPDATE-EMAIL-FORMAT")
def update_takes_any_text_as_email(turn: Turn) -> Answer:
    """An update takes any text for an address: a typing error takes a working account out of service."""
    return _with_any_email(turn, UPDATE)


def _with_any_email(turn: Turn, operation: str) -> Answer:
    """Get a text that is no address past the schema: an address goes in, and the text is shown in its place."""
    fields = turn.fields or {}
    text = fields.get("email") if turn.operation == operation else None
    if isinstance(text, str) and "@" not in text:
        turn.send({**fields, "email": _MADE_UP})

    @answers(LIST, CREATE, UPDATE)
    def show(answer: Answer, turn: Turn) -> None:
        for account in shown_accounts(answer):
            if turn.operation != LIST and "email" in fields:
                turn.kept[account["short_id"]] = text if turn.exchange.content else None
            account["email"] = turn.kept.get(account["short_id"]) or account["email"]

    return show(turn)


@deviation("update-ignores-null-retailer", "MA-UPDATE-RETAILER-NULL")
@requests(UPDATE)
def update_ignores_null_retailer(fields: Fields, _: Turn) -> None:
    """A null retailer in an update is passed over: a client cannot make an account the default one again."""
    if _null(fields, "retailer"):
        del fields["retailer"]


@deviation("update-refuses-null-retailer", "MA-UPDATE-RETAILER-NULL")
@refusals(UPDATE)
def update_refuses_null_retailer(fields: Fields, _: Turn) -> str | None:
    """A null retailer in an update is refused: a client cannot make an account the default one again."""
    return _null(fields, "retailer")


@deviation("update-refuses-null-email", "MA-UPDATE-EMAIL-NULL")
@refusals(UPDATE)
def update_refuses_null_email(fields: Fields, _: Turn) -> str | None:
    """A null email in an update is refused: a client that sends every field cannot change another one."""
    return _null(fields, "email")


@deviation("update-refuses-null-password", "MA-UPDATE-PASSWORD-NULL")
@refusals(UPDATE)
def update_refuses_null_password(fields: Fields, _: Turn) -> str | None:
    """A null password in an update is refused: a client that sends every field must know the password."""
    return _null(fields, "password")


@deviation("update-passes-over-empty-retailer", "MA-UPDATE-EMPTY-STRING")
@requests(UPDATE)
def update_passes_over_empty_retailer(fields: Fields, _: Turn) -> None:
    """An empty retailer in an update is passed over, and the update succeeds: the client believes in a change."""
    if fields.get("retailer") == "":
        del fields["retailer"]


# Fields that no one asked for


@deviation("create-refuses-unknown-fields", "MA-CREATE-UNKNOWN-FIELDS")
@refusals(CREATE)
def create_refuses_unknown_fields(fields: Fields, _: Turn) -> str | None:
    """An unknown field in a create is refused: a client of a later revision cannot speak to this server."""
    return next(iter(sorted(fields.keys() - _KNOWN)), None)


@deviation("update-refuses-unknown-fields", "MA-UPDATE-UNKNOWN-FIELDS")
@refusals(UPDATE)
def update_refuses_unknown_fields(fields: Fields, _: Turn) -> str | None:
    """An unknown field in an update is refused: a client that sends back the account that it was given fails."""
    return next(iter(sorted(fields.keys() - _KNOWN)), None)


@deviation("create-takes-over-server-fields", "MA-CREATE-SERVER-FIELDS")
@answers(LIST, CREATE, UPDATE)
def create_takes_over_server_fields(answer: Answer, turn: Turn) -> None:
    """A create takes over the id and created_at that were sent: a client can forge what others trust."""
    _take_over(answer, turn, CREATE)


@deviation("update-takes-over-server-fields", "MA-UPDATE-SERVER-FIELDS")
@answers(LIST, CREATE, UPDATE)
def update_takes_over_server_fields(answer: Answer, turn: Turn) -> None:
    """An update takes over the id and created_at that were sent: a client can forge what others trust."""
    _take_over(answer, turn, UPDATE)


def _take_over(answer: Answer, turn: Turn, operation: str) -> None:
    """Show the server's fields as a request of this operation gave them."""
    for account in shown_accounts(answer):
        if turn.operation == operation:
            given = {name: value for name, value in turn.sent.items() if name in ("id", "created_at")}
            turn.kept.setdefault(account["short_id"], {}).update(given)
        account.update(turn.kept.get(account["short_id"], {}))
