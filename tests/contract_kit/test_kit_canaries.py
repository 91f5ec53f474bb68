import base64
import hashlib
import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.canaries import Canaries

CANARIES = Canaries("tests")
PASSWORD = CANARIES.password()
AWKWARD = CANARIES.awkward_password()
LONG = CANARIES.long_password(300)
TOTP = CANARIES.totp_secret()


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


LEAKS = {
    "as sent": PASSWORD,
    "in JSON": json.dumps({"password": AWKWARD}),
    "in JSON beyond ASCII": json.dumps({"password": AWKWARD}, ensure_ascii=False),
    "URL-encoded": quote(AWKWARD),
    "URL-encoded throughout": "".join(f"%{ord(letter):02X}" for letter in PASSWORD),
    "in escapes": "".join(f"\\u{ord(letter):04x}" for letter in PASSWORD),
    "in entities": "".join(f"&#{ord(letter)};" for letter in PASSWORD),
    "HTML-escaped": html.escape(AWKWARD),
    "hexadecimal": PASSWORD.encode().hex(),
    "base64": _base64(PASSWORD),
    "base64, shifted by one": _base64("u" + PASSWORD),
    "base64, shifted by two": _base64("us" + PASSWORD),
    "base64 of basic credentials": _base64(f"someone@example.com:{PASSWORD}"),
    "base64, URL-safe": base64.urlsafe_b64encode(AWKWARD.encode()).decode(),
    "base32": base64.b32encode(PASSWORD.encode()).decode(),
    "reversed": PASSWORD[::-1],
    "in capitals": PASSWORD.upper(),
    "md5": hashlib.md5(PASSWORD.encode()).hexdigest(),
    "sha1": hashlib.sha1(PASSWORD.encode()).hexdigest(),
    "sha256": hashlib.sha256(PASSWORD.encode()).hexdigest().upper(),
    "sha256 of an awkward one": hashlib.sha256(AWKWARD.encode()).hexdigest(),
    "sha512 in base64": _base64("") + base64.b64encode(hashlib.sha512(LONG.encode()).digest()).decode(),
    "sha256 in base64": base64.urlsafe_b64encode(hashlib.sha256(PASSWORD.encode()).digest())
    .decode()
    .rstrip("="),
    "its last eight characters": "********" + PASSWORD[-8:],
    "its first eight letters": PASSWORD[3:11] + "********",
    "eight letters from within": f"x{PASSWORD[12:20]}x",
    "a TOTP secret": TOTP,
    "a TOTP secret in lower case": TOTP.lower(),
    "the end of a long one": LONG[-40:],
}

# Letter case and JSON's own escapes do not make another form of it
VERBATIM = {
    *("as sent", "in JSON", "in JSON beyond ASCII", "in capitals"),
    *("a TOTP secret", "a TOTP secret in lower case"),
}


@pytest.mark.parametrize("form", LEAKS)
def test_a_secret_is_found_in_every_form(form):
    text = f'{{"message": "before {LEAKS[form]} after"}}'
    leaks = CANARIES.scan(text)
    assert leaks
    assert {leak.kind for leak in leaks} == {"totp_secret" if "TOTP" in form else "password"}
    assert all(leak.verbatim for leak in leaks) == (form in VERBATIM)


@pytest.mark.parametrize("form", LEAKS)
def test_no_trace_of_a_secret_is_left_after_redaction(form):
    text = CANARIES.redact(f'{{"message": "before {LEAKS[form]} after"}}')
    assert CANARIES.scan(text) == []
    assert LEAKS[form] not in text


def test_redaction_keeps_what_is_no_secret():
    assert CANARIES.redact(f'{{"password": "{PASSWORD}", "retailer": "amazon"}}') == (
        '{"password": "[secret]", "retailer": "amazon"}'
    )


SHA256 = hashlib.sha256(PASSWORD.encode())
SHA256_BASE64 = base64.b64encode(SHA256.digest()).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"sha256-{SHA256.hexdigest()}",
        f"sha256_{SHA256.hexdigest().upper()}",
        f"password/{SHA256.hexdigest()}",
        f"etag-{SHA256.hexdigest()}-1",
        f"sha256-{SHA256_BASE64}",
        f"etag/{SHA256_BASE64.rstrip('=')}-1",
        f"sha256_{SHA256_BASE64.replace('+', '-').replace('/', '_')}",
    ],
)
def test_a_digest_is_found_with_something_joined_to_it(text):
    assert [leak.form for leak in CANARIES.scan(f'{{"etag": "{text}"}}')] == ["sha256"]
    assert CANARIES.redact(f'{{"etag": "{text}"}}') == '{"etag": "[secret]"}'


@pytest.mark.parametrize("password", [CANARIES.password() for _ in range(40)])
def test_a_digest_is_found_wherever_its_own_separators_stand(password):
    for name in ("md5", "sha1", "sha512"):
        raw = hashlib.new(name, password.encode()).digest()
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            assert [leak.form for leak in CANARIES.scan(f"{name}-{encode(raw).decode()}")] == [name]


@given(st.text(max_size=200) | st.uuids().map(str) | st.binary(min_size=32, max_size=64).map(bytes.hex))
def test_what_holds_no_secret_is_left_alone(text):
    assert CANARIES.scan(text) == []
    assert CANARIES.redact(text) == text


def test_each_secret_is_another_one():
    canaries = Canaries("many")
    assert len({canaries.password() for _ in range(500)}) == 500


def test_the_same_seed_makes_the_same_secrets():
    assert Canaries("one").password() == Canaries("one").password() != Canaries("two").password()
