"""The pages as HTTP answers: what is in them, who may read them, what a browser may do with them."""

import gzip
import re
from pathlib import Path

import pytest
import yaml
from werkzeug.test import Client

from mock_server import create_app
from mock_server.console import pages
from mock_server.settings import default_specification

STATIC = Path(pages.__file__).with_name("static")
PAGES = ["/", "/docs", "/docs/control"]
DOCUMENTS = ["/docs/api.json", "/docs/control.json", "/_mock/openapi.json"]


@pytest.fixture
def client() -> Client:
    return create_app().test_client()


def assets_of(html: str) -> list[str]:
    return re.findall(r'(?:src|href)="(/_console/[^"]+)"', html)


@pytest.mark.parametrize("path", PAGES)
def test_page_allows_nothing_but_the_mock_itself(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert not any("http" in sources or "*" in sources for sources in policy.values())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_script_or_style_inside(client: Client, path: str) -> None:
    html = client.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "<style" not in html
    assert not re.search(r'<[^>]*\s(style|on[a-z]+)="', html)


@pytest.mark.parametrize("path", PAGES)
def test_page_and_its_files_are_sent_again_only_when_they_changed(client: Client, path: str) -> None:
    files = assets_of(client.get(path).text)
    assert files
    for address in (path, *files):
        first = client.get(address)
        assert first.status_code == 200, address
        assert first.headers["Cache-Control"] == "no-cache"
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), address


def test_files_have_the_media_types_that_browsers_insist_on(client: Client) -> None:
    wanted = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    for address in {file for path in PAGES for file in assets_of(client.get(path).text)}:
        answer = client.get(address)
        assert answer.mimetype == wanted[Path(address).suffix]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/_console/none.css", "/_console/../pages.py", "/_console/%2e%2e/pages.py", "/_console/vendor"]
)
def test_nothing_else_is_sent(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES + DOCUMENTS)
def test_page_needs_no_key_even_where_keys_are_restricted(path: str) -> None:
    app = create_app(api_keys=("zn_live_canary_key",))
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    assert "zn_live_canary_key" not in answer.text


def test_page_makes_no_sandbox(client: Client) -> None:
    for path in PAGES + DOCUMENTS:
        client.get(path)
    assert len(client.application.store) == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", PAGES + DOCUMENTS)
def test_password_is_on_no_page(client: Client, path: str) -> None:
    key = {"Authorization": f"Bearer {pages.DEFAULT_KEY}"}
    account = {"email": "shopper@example.com", "password": "canary-b81c"}
    assert client.post("/users/managed-accounts", json=account, headers=key).status_code == 201
    assert "canary-b81c" not in client.get(path).text


def test_title_of_a_document_is_text(tmp_path: Path) -> None:
    document = yaml.safe_load(default_specification().read_text())
    document["info"]["title"] = "<script src=x></script>"
    changed = tmp_path / "openapi.yaml"
    changed.write_text(yaml.safe_dump(document))
    client = create_app(spec=changed).test_client()
    for path in ("/", "/docs"):
        html = client.get(path).text
        assert "<script src=x>" not in html
        assert "&lt;script src=x&gt;" in html


def test_page_takes_no_other_method(client: Client) -> None:
    answer = client.post("/", json={}, headers={"Authorization": "Bearer zn_test_a"})
    assert answer.status_code == 405
    assert answer.json["code"] == "method_not_allowed"
    assert "GET" in answer.headers["Allow"]


def test_application_prepares_no_template_before_a_page_is_asked_for() -> None:
    app = create_app()
    assert "jinja_env" not in vars(app)
    app.test_client().get("/")
    assert "jinja_env" in vars(app)


def test_console_preloads_the_modules_that_it_imports(client: Client) -> None:
    imported: set[str] = set()
    unread = ["console.js"]
    while unread:
        found = set(re.findall(r'from "\./([a-z]+\.js)"', (STATIC / unread.pop()).read_text()))
        unread += found - imported
        imported |= found
    html = client.get("/").text
    assert set(re.findall(r'modulepreload" href="/_console/([^"]+)"', html)) == imported


def test_console_is_small(client: Client) -> None:
    files = {file for file in assets_of(client.get("/").text) if file.endswith((".js", ".css"))}
    assert sum(len(gzip.compress(client.get(file).data)) for file in files) < 24_000


def test_renderer_calls_nobody_and_says_what_it_is() -> None:
    vendor = STATIC / "vendor"
    bundle = (vendor / "redoc.standalone.js").read_text()
    assert "cdn.redoc.ly" not in bundle
    assert "otel.cloud" not in bundle
    version = re.search(r"Version: (\S+)", bundle[:1000])
    assert version
    assert f"Redoc {version[1]}" in (vendor / "README.md").read_text()
    assert "MIT License" in (vendor / "redoc.LICENSE").read_text()
