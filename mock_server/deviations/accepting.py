"""Deviations of what is accepted: fields that are required or not, and values that are no strings."""

from typing import Any

from mock_server.deviations.building import (
    CREATE,
    UPDATE,
    deviation,
    refusals,
    requests,
)
from mock_server.deviations.turn import Turn

_MADE_UP = "nobody@example.com"

Fields = dict[str, Any]


def _missing(fields: Fields, name: str) -> str | None:
    return name if name not in fields else None


def _coerce(fields: Fields, name: str) -> None:
    """Take a value that is no string as if it were one."""
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        text = str(value) if isinstance(value, int | float) else "text"
        fields[name] = f"{text}@example.com" if name == "email" else text


# Required and optional fields


@deviation("create-without-email", "MA-CREATE-EMAIL-REQUIRED")
@requests(CREATE)
def create_without_email(fields: Fields, _: Turn) -> None:
    """A create without an email is accepted: the client's mistake shows only when an order cannot log in."""
    fields.setdefault("email", _MADE_UP)


@deviation("create-without-email-or-retailer", "MA-CREATE-EMAIL-REQUIRED")
@requests(CREATE)
def create_without_email_or_retailer(fields: Fields, _: Turn) -> None:
    """A create with a password and nothing else is accepted: a client's typing error makes a dead account."""
    if set(fields) == {"password"}:
        fields["email"] = _MADE_UP


@deviation("create-needs-password", "MA-CREATE-PASSWORD-OPTIONAL")
@refusals(CREATE)
def create_needs_password(fields: Fields, _: Turn) -> str | None:
    """A create without a password is refused: a client that adds the password later cannot begin."""
    return _missing(fields, "password")


@deviation("create-needs-retailer", "MA-CREATE-RETAILER-OPTIONAL")
@refusals(CREATE)
def create_needs_retailer(fields: Fields, _: Turn) -> str | None:
    """A create without a retailer is refused: default credentials cannot be made."""
    return _missing(fields, "retailer")


@deviation("update-of-all-fields-refused", "MA-UPDATE-SUCCEEDS")
@refusals(UPDATE)
def update_of_all_fields_refused(fields: Fields, _: Turn) -> str | None:
    """An update of all three fields is refused: a client that sends the whole form can change nothing."""
    return "password" if {"email", "password", "retailer"} <= fields.keys() else None


@deviation("update-needs-email", "MA-UPDATE-EMAIL-OPTIONAL")
@refusals(UPDATE)
def update_needs_email(fields: Fields, _: Turn) -> str | None:
    """An update of password and retailer needs the email too: a client without it cannot mend an account."""
    return _missing(fields, "email") if {"password", "retailer"} <= fields.keys() else None


@deviation("update-needs-password", "MA-UPDATE-PASSWORD-OPTIONAL")
@refusals(UPDATE)
def update_needs_password(fields: Fields, _: Turn) -> str | None:
    """An update of email and retailer needs the password too: a client that does not keep it is stuck."""
    return _missing(fields, "password") if {"email", "retailer"} <= fields.keys() else None


@deviation("update-needs-retailer", "MA-UPDATE-RETAILER-OPTIONAL")
@refusals(UPDATE)
def update_needs_retailer(fields: Fields, _: Turn) -> str | None:
    """An update of email and password needs the retailer too: a default account can never be updated."""
    return _missing(fields, "retailer") if {"email", "password"} <= fields.keys() else None


@deviation("update-of-nothing-refused", "MA-UPDATE-EMPTY")
@refusals(UPDATE)
def update_of_nothing_refused(fields: Fields, _: Turn) -> str | None:
    """An update without any field is refused: a client that sends only what changed fails when nothing did."""
    return None if fields else "body"


# Values that are no strings


@deviation("create-takes-any-email", "MA-CREATE-EMAIL-STRING")
@requests(CREATE)
def create_takes_any_email(fields: Fields, _: Turn) -> None:
    """An email that is no string is made one: a client's bug becomes an account that nobody can log in to."""
    _coerce(fields, "email")


@deviation("create-takes-any-password", "MA-CREATE-PASSWORD-STRING")
@requests(CREATE)
def create_takes_any_password(fields: Fields, _: Turn) -> None:
    """A password that is no string is made one: the stored password is not the customer's."""
    _coerce(fields, "password")


@deviation("create-takes-any-retailer", "MA-CREATE-RETAILER-STRING")
@requests(CREATE)
def create_takes_any_retailer(fields: Fields, _: Turn) -> None:
    """A retailer that is no string is made one: an account for no shop that exists serves no order."""
    _coerce(fields, "retailer")


@deviation("create-takes-boolean-retailer", "MA-CREATE-RETAILER-STRING")
@requests(CREATE)
def create_takes_boolean_retailer(fields: Fields, _: Turn) -> None:
    """A retailer of false is taken for none at all: a client's bug silently makes default credentials."""
    if fields.get("retailer") is False:
        del fields["retailer"]


@deviation("update-takes-any-email", "MA-UPDATE-EMAIL-STRING")
@requests(UPDATE)
def update_takes_any_email(fields: Fields, _: Turn) -> None:
    """An update makes a string of any email: a client's bug takes a working account out of service."""
    _coerce(fields, "email")


@deviation("update-takes-any-password", "MA-UPDATE-PASSWORD-STRING")
@requests(UPDATE)
def update_takes_any_password(fields: Fields, _: Turn) -> None:
    """An update makes a string of any password: a client's bug locks the account out of the shop."""
    _coerce(fields, "password")


@deviation("update-takes-any-retailer", "MA-UPDATE-RETAILER-STRING")
@requests(UPDATE)
def update_takes_any_retailer(fields: Fields, _: Turn) -> None:
    """An update makes a string of any retailer: orders no longer find the account that should serve them."""
    _coerce(fields, "retailer")
