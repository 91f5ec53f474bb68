"""The pages' routes. They need no key: what a page shows of a sandbox, its script asks the control plane for."""

from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from flask import Response, current_app, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from mock_server import __version__
from mock_server.console.reference import link, readable
from mock_server.domain.products import TEST_PRODUCTS
from mock_server.specification import Specification

if TYPE_CHECKING:
    from mock_server.app import MockApp

DEFAULT_KEY = "zn_test_demo"

_STATIC = Path(__file__).with_name("static")
_MODULES = ("dom.js", "mock.js", "timeline.js", "lanes.js", "drawer.js", "journal.js", "trouble.js")
_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

# Nothing but this mock: no other host, no script or style inside a page.
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
# The renderer fills style elements that it makes empty (this is the hash of nothing), indents with style attributes,
# carries its icons' font with it, and searches in a background script.
_RENDERER_POLICY = _POLICY | {
    "style-src": "'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "style-src-attr": "'unsafe-inline'",
    "font-src": "data:",
    "worker-src": "'self' blob:",
}


def register(app: "MockApp") -> None:
    """Bind the pages to an application's router; templates and files are read when they are first asked for."""
    app.add_url_rule("/", "console", _console)
    app.add_url_rule("/docs", "docs", _reference, defaults={"document": "api"})
    app.add_url_rule("/docs/control", "docs_control", _reference, defaults={"document": "control"})
    app.add_url_rule("/docs/<any(api, control):document>.json", "docs_document", _readable)
    app.add_url_rule("/_mock/openapi.json", "control_document", _control_document)
    app.add_url_rule("/_console/<path:name>", "console_asset", _asset)


def _console() -> Response:
    specification = _app().specification
    operations = [
        {"id": operation.id, "summary": operation.summary, "link": link(specification, operation)}
        for operation in specification.operations.values()
    ]
    page = render_template(
        "console.html",
        version=__version__,
        specification=specification,
        operations=operations,
        default_key=DEFAULT_KEY,
        modules=_MODULES,
        test_products=TEST_PRODUCTS,
        base_url=_base_url(),
    )
    return _page(page, _POLICY)


def _reference(document: str) -> Response:
    page = render_template(
        "reference.html", version=__version__, shown=document, title=_shown(document).title
    )
    return _page(page, _RENDERER_POLICY)


def _readable(document: str) -> Response:
    return _json(readable(_shown(document), _base_url()))


def _control_document() -> Response:
    return _json(_app().control_specification.document)


def _asset(name: str) -> Response:
    """Send a file of the pages."""
    path = safe_join(str(_STATIC), name)
    media_type = _MEDIA_TYPES.get(Path(name).suffix)
    if path is None or media_type is None or not Path(path).is_file():
        raise NotFound
    return _kept(Response(Path(path).read_bytes(), mimetype=media_type))


def _app() -> "MockApp":
    app: MockApp = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def _shown(document: str) -> Specification:
    return _app().specification if document == "api" else _app().control_specification


def _base_url() -> str:
    return request.host_url.rstrip("/")


def _page(html: str, policy: dict[str, str]) -> Response:
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = "; ".join(
        f"{what} {whence}" for what, whence in policy.items()
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return _kept(response)


def _json(document: object) -> Response:
    return _kept(Response(orjson.dumps(document), mimetype="application/json"))


def _kept(response: Response) -> Response:
    """Let the browser keep an answer, if it asks each time whether it is still the same; send it only if not."""
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.add_etag()
    response.make_conditional(request)
    return response
