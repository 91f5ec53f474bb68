"""A secret shows itself in no way that Python has."""

import copy
import io
import json
import logging
import pickle
import string
import traceback

import orjson
import pytest

from mock_server.secret import Secret

CANARY = "canary-5b1f\N{SNOWMAN}"


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        ascii,
        format,
        "{}".format,
        "{!r:>40}".format,
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 (old ways of formatting count, too)
        lambda secret: f"{secret} {secret!r} {secret:>40}",
        lambda secret: string.Template("$s").substitute(s=secret),
        lambda secret: repr({"password": [secret]}),
        lambda secret: repr(ValueError(secret)),
        lambda secret: " ".join(dir(secret)),
        lambda secret: repr([getattr(secret, slot) for slot in secret.__slots__]),
    ],
)
def test_a_secret_is_not_shown(show):
    shown = show(Secret(CANARY))
    assert "canary" not in shown
    assert "5b1f" not in shown


@pytest.mark.parametrize(
    "give_away",
    [
        json.dumps,
        orjson.dumps,
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        list,
        bytes,
        lambda secret: secret + "",
        lambda secret: "".join([secret]),
        vars,
    ],
)
def test_a_secret_cannot_be_written_copied_or_taken_apart(give_away):
    with pytest.raises((TypeError, orjson.JSONEncodeError)) as refusal:
        give_away(Secret(CANARY))
    assert "canary" not in str(refusal.value)


def test_a_secret_is_not_in_the_log_nor_in_a_traceback():
    stream = io.StringIO()
    log = logging.Logger("of this test")
    log.addHandler(logging.StreamHandler(stream))
    try:
        raise ValueError(Secret(CANARY), {"password": Secret(CANARY)})
    except ValueError as problem:
        log.exception("failed with %s and %r", Secret(CANARY), Secret(CANARY))
        with_locals = traceback.TracebackException.from_exception(problem, capture_locals=True)
        stream.write("".join(with_locals.format()))
    assert "Secret(…)" in stream.getvalue()
    assert "canary" not in stream.getvalue()


def test_a_secret_can_be_compared_without_being_given_away():
    secret = Secret(CANARY)
    assert secret.matches(CANARY)
    assert not secret.matches("")
    assert secret != CANARY


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "x" * 100_000, "\N{SNOWMAN}"])
def test_any_text_can_be_a_secret(text):
    assert Secret(text).matches(text)


def test_two_equal_secrets_look_different_at_rest():
    assert Secret(CANARY)._sealed != Secret(CANARY)._sealed
