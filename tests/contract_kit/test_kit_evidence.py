"""What reports show of an exchange: nothing of others and no key, and of the rest what a reader needs."""

import json
import subprocess
from dataclasses import replace

import pytest
from kit_exchanges import RUN, account, exchange, listed

from contract_tests.canaries import Canaries
from contract_tests.exchange import Exchange, Key, Operation, Request
from contract_tests.report.evidence import Redaction

THEIRS = {"id": "77", "short_id": "zn_acct_other000", "email": "victim@shop.example"}
THEIR_ORDER = {
    "id": "o-1",
    "status": "pending",
    "shipping_address": {"name": "Victim", "city": "Springfield"},
}
OURS = account(1)
HTML = (("Content-Type", "text/html"),)


def body_shown(made: Exchange) -> str:
    redaction = Redaction("http://server.example", {}, Canaries("evidence"), RUN)
    return redaction.show([made])[0]["response"]["body"]


def sent_with(headers: dict[str, str]) -> Exchange:
    made = exchange(Operation.LIST, 200, {})
    return replace(made, request=Request("GET", "/users/managed-accounts", headers, None))


def order_of_ours(number: int) -> dict[str, object]:
    marker = f"zinc-contract-{RUN}-{number}"
    return {"id": f"ours-{number}", "status": "pending", "shipping_address": {"name": marker}}


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (
            {"credentials": [THEIRS], "total": 1, "by_id": {"zn_acct_other000": THEIRS}},
            {
                "credentials": ["… and 1 of others, not shown"],
                "total": 1,
                "by_id": "… an object of 1, not shown",
            },
        ),
        ({"data": {"credentials": [THEIRS]}, "total": 1}, {"data": "… an object of 1, not shown", "total": 1}),
        ({"credentials": [THEIRS, "x"]}, {"credentials": "… an array of 2, not shown"}),
        ({"credentials": [OURS], "more": [THEIRS]}, {"credentials": [OURS], "more": "… an array of 1, not shown"}),
        ({"credentials": [], "to": "victim@shop.example"}, {"credentials": [], "to": "… 19 characters, not shown"}),
        ({"victim@shop.example": 1, "total": 1}, {"… 19 characters, not shown": 1, "total": 1}),
        ([THEIRS, None], "… an array of 2, not shown"),
        (THEIRS, THEIRS | {"email": "… 19 characters, not shown"}),
        ("victim@shop.example", "… 19 characters, not shown"),
    ],
)  # fmt: skip
def test_a_list_answer_of_any_form_shows_no_account_of_others(content, shown):
    for operation in (Operation.LIST, None):  # a server may have its list at other paths, too
        assert json.loads(body_shown(exchange(operation, 200, content))) == shown


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"<li>victim@shop.example</li>", "… 28 bytes, not shown"),
        (json.dumps({"credentials": [THEIRS]}).encode()[:-1], None),
    ],
)
def test_a_list_answer_that_is_no_json_shows_no_account_of_others(body, shown):
    text = body_shown(exchange(Operation.LIST, 200, body=body, headers=HTML))
    assert text == (shown or f"… {len(body)} bytes, not shown")


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (
            {"orders": [order_of_ours(1), THEIR_ORDER], "total": 2, "by_id": {"o-1": THEIR_ORDER}},
            {
                "orders": [order_of_ours(1), "… and 1 more, not shown"],
                "total": 2,
                "by_id": "… an object of 1, not shown",
            },
        ),
        ({"data": {"orders": [THEIR_ORDER]}}, {"data": "… an object of 1, not shown"}),
        ({"orders": [THEIR_ORDER, 7]}, {"orders": "… an array of 2, not shown"}),
    ],
)  # fmt: skip
def test_a_list_answer_of_any_form_shows_no_order_of_others(content, shown):
    assert json.loads(body_shown(exchange(Operation.LIST_ORDERS, 200, content))) == shown


@pytest.mark.parametrize(
    "body",
    [
        listed(OURS, account(2)).response.body,
        json.dumps(
            {"credentials": [], "next": "/users/managed-accounts?after=zn_acct_2", "by_id": {}}
        ).encode(),
        json.dumps({"credentials": None, "code": "unavailable"}).encode(),
        json.dumps(OURS, indent=1).encode(),
        b'{"credentials": [',
        b"It works!",
        b"null",
        b"",
    ],
)
def test_what_is_ours_or_harmless_is_shown_as_it_came(body):
    assert body_shown(exchange(Operation.LIST, 200, body=body)) == body.decode()


@pytest.mark.parametrize("operation", [Operation.LIST, Operation.LIST_ORDERS, None])
@pytest.mark.parametrize(
    "content",
    [
        {"error": {"code": "unauthorized", "message": "No key.", "details": {"header": "Authorization"}}},
        {"detail": [{"loc": ["header", "authorization"], "msg": "field required", "type": "value_error"}]},
        {"code": "unauthorized", "message": "Write to support@server.example " * 5, "errors": [{"id": 1}]},
    ],
)
def test_a_refusal_of_a_list_is_shown_whole(operation, content):
    assert json.loads(body_shown(exchange(operation, 401, content))) == content


@pytest.mark.parametrize("status", [401, 500])
def test_a_refusal_that_lists_accounts_all_the_same_shows_none_of_others(status):
    for content in ({"credentials": [THEIRS]}, {"error": {"known": [THEIRS]}}):
        assert "victim" not in body_shown(exchange(Operation.LIST, status, content))
    assert "Victim" not in body_shown(
        exchange(Operation.LIST_ORDERS, status, {"data": {"list": [THEIR_ORDER]}})
    )


@pytest.mark.parametrize("longer", [Key.FIRST, Key.SECOND])
def test_a_key_that_begins_like_another_one_is_taken_out_whole(longer):
    shorter = Key.SECOND if longer is Key.FIRST else Key.FIRST
    variables = {Key.FIRST: "ZINC_API_KEY", Key.SECOND: "ZINC_SECOND_API_KEY"}
    keys = {shorter: "zn_test_abc", longer: "zn_test_abcdef123"}
    redaction = Redaction("http://server.example", keys, Canaries("evidence"), RUN)
    assert redaction.text("zn_test_abcdef123, zn_test_abc") == f"${variables[longer]}, ${variables[shorter]}"
    made = sent_with({"Authorization": "Bearer zn_test_abcdef123"})
    assert f'"Authorization: Bearer ${{{variables[longer]}}}"' in redaction.show([made])[0]["curl"]


def test_a_key_with_characters_of_the_shell_is_taken_out_of_a_line():
    keys = {Key.FIRST: 'zn_"te$t`\\key'}
    made = sent_with({"Authorization": f"Bearer {keys[Key.FIRST]}", "X-Price": f"{keys[Key.FIRST]}$1"})
    line = Redaction("http://server.example", keys, Canaries("evidence"), RUN).show([made])[0]["curl"]
    assert "key" not in line
    script = f"curl() {{ printf '%s\\n' \"$@\"; }}; {line}"
    pasted = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"ZINC_API_KEY": "a-key"},
    )
    assert {"Authorization: Bearer a-key", "X-Price: a-key$1"} <= {*pasted.stdout.splitlines()}
