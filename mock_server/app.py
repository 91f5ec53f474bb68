"""The mock as a Flask application: what it is made of, and the one door that every request comes through."""

import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Rule
from werkzeug.wrappers import Request
from werkzeug.wsgi import get_content_length

from mock_server.api import Api
from mock_server.console import register as register_pages
from mock_server.control.journal import Entry
from mock_server.deviations.catalogue import deviation_named
from mock_server.errors import InvalidToken, Unauthorized, answer_of
from mock_server.exchange import Exchange
from mock_server.fixtures import read_fixture
from mock_server.logs import AccessLog
from mock_server.operations import HANDLERS
from mock_server.settings import Settings, SettingsError
from mock_server.specification import Operation, Specification, SpecificationError
from mock_server.store import MemoryStore, Tenant
from mock_server.tenants import TenantMaker
from mock_server.validation import problems
from mock_server.wire import StartResponse, sent

if TYPE_CHECKING:
    from mock_server.control.plane import ControlPlane

_CONTROL = "/_mock"
_WAITING_PATHS = frozenset({"/_mock/settle"})
_NEED_SUBJECT = frozenset({"updateManagedAccount", "deleteManagedAccount", "getOrder"})
_SHOW_NOTHING = frozenset({"deleteManagedAccount"})  # a body, if the document wants one, is its example


class MockApp(Flask):
    """The mock. Everything it knows is in here: two applications share nothing that changes.

    Args:
        settings: the options.

    Raises:
        SpecificationError: the document cannot be served.
        SettingsError: a name of a deviation is unknown, or the fixture does not fit.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__("mock_server", static_folder=None, template_folder="console/templates")
        self.settings = settings
        self.specification = _served(Specification.read(settings.spec), settings.spec)
        for name in settings.deviations:
            try:
                deviation_named(name)
            except KeyError:
                raise SettingsError(f"deviate: {name!r} is no deviation") from None
        fixture = read_fixture(settings.fixtures, self.control_specification) if settings.fixtures else None
        self._maker = TenantMaker(settings, fixture)
        self.anonymous = self._maker.anonymous
        self.store = MemoryStore(self._maker.tenant)
        self.access_log: AccessLog | None = None
        self._api = Api(strict=settings.strict)
        self.url_map.merge_slashes = False  # no redirects: a path is in the document or it is not
        self._operations: dict[str, Operation] = {}
        self._route(self.specification)
        self.add_url_rule("/openapi.json", view_func=self._openapi_json)
        self.add_url_rule("/openapi.yaml", view_func=self._openapi_yaml)
        register_pages(self)
        self._router = self.url_map.bind("localhost")

    @cached_property
    def control_specification(self) -> Specification:
        """The document of the control plane, read when it is first needed: a mock must be ready at once."""
        from mock_server.control.plane import DOCUMENT

        return Specification.read(DOCUMENT)

    @cached_property
    def _control(self) -> "ControlPlane":
        from mock_server.control.plane import ControlPlane

        self._route(self.control_specification)
        return ControlPlane(self.store, self._maker, self.specification)

    def _route(self, specification: Specification) -> None:
        """Bind the operations of a document to the router."""
        for operation in specification.operations.values():
            endpoint = f"{operation.method} {operation.path}"
            self._operations[endpoint] = operation
            self.url_map.add(Rule(operation.rule, endpoint=endpoint, methods=[operation.method]))

    def may_wait(self, environ: dict[str, Any]) -> bool:
        """Tell whether a request may take long on purpose: a fault can delay it, or it waits for orders.

        A server that answers one request at a time gives such a request a thread of its own.
        """
        if "HTTP_PREFER" in environ or environ["PATH_INFO"] in _WAITING_PATHS:
            return True
        key = _bearer_key(environ.get("HTTP_AUTHORIZATION", ""))
        return key is not None and self.store.may_wait(key)

    # The way of a request

    def wsgi_app(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer a request: operations through the one door, pages for people through Flask's views."""
        request = Request(environ, populate_request=False)
        plane = self._control if _is_control(request.path) else self._api
        operation: Operation | None = None
        arguments: Mapping[str, str] = {}
        refusal: Exception | None = None
        try:
            operation, arguments = self._match(request)
        except HTTPException as problem:
            refusal = problem
        else:
            if operation is None:
                return super().wsgi_app(environ, start_response)
        tenant, not_admitted = self._admit(request, operation)
        exchange = Exchange(
            id=tenant.next_request_id(),
            request=request,
            tenant=tenant,
            operation=operation,
            arguments=arguments,
            refusal=not_admitted or refusal,
            received=get_content_length(environ) or 0,
            everyone=self.store.everyone,
        )
        return self._answer(exchange, plane, start_response)

    def _match(self, request: Request) -> tuple[Operation | None, Mapping[str, str]]:
        """Return the operation that a request asks for, None for a page, and the values in its path.

        Raises:
            HTTPException: nothing is at this path, or it takes other methods.
        """
        if request.environ["PATH_INFO"].startswith("//"):
            raise NotFound  # the request's own path has lost one of them
        named = self._operations.get(f"{request.method} {request.path}")
        if named is not None and not named.parameters:
            return named, {}  # a path without parameters needs no router
        endpoint, arguments = self._router.match(request.path, method=request.method)
        return self._operations.get(endpoint), arguments

    def _answer(
        self, exchange: Exchange, plane: "Api | ControlPlane", start_response: StartResponse
    ) -> list[bytes]:
        began = time.perf_counter()
        request = exchange.request
        try:
            answer = plane.respond(exchange)
            content = sent(answer, exchange, start_response)
        except Exception as crash:  # noqa: BLE001 (the last resort: a crash is logged and answers 500)
            answer = answer_of(crash)
            content = sent(answer, exchange, start_response)
        milliseconds = (time.perf_counter() - began) * 1000
        if plane is self._api:
            exchange.tenant.journal.record(Entry.of(exchange, answer, len(content), milliseconds))
        if self.access_log is not None:
            status = None if answer.dropped else answer.status
            self.access_log.write(exchange.id, request.method, request.path, status, milliseconds)
        return [] if request.method == "HEAD" else [content]

    def _admit(self, request: Request, operation: Operation | None) -> tuple[Tenant, Exception | None]:
        """Return the tenant of a request's key, and why it is not let in, if so."""
        if operation is not None and not operation.secured:
            return self.anonymous, None
        key = _bearer_key(request.environ.get("HTTP_AUTHORIZATION", ""))
        if key is None:
            return self.anonymous, Unauthorized("Send your API key: Authorization: Bearer <key>.")
        if self.settings.api_keys and key not in self.settings.api_keys:
            return self.anonymous, InvalidToken("This API key is not known here.")
        return self.store.tenant(key), None

    # Pages

    def _openapi_yaml(self) -> Response:
        return Response(self.specification.source, mimetype="application/yaml")

    def _openapi_json(self) -> Response:
        return Response(orjson.dumps(self.specification.document), mimetype="application/json")


def _is_control(path: str) -> bool:
    return f"{path}/".startswith(f"{_CONTROL}/")


def _served(specification: Specification, path: Path) -> Specification:
    """Return the specification if each of its operations can be answered.

    Raises:
        SpecificationError: there is an obstacle; the message has the first one.
    """
    for operation in specification.operations.values():
        for where, problem in _obstacles(operation):
            raise SpecificationError(f"{path}: {where}", problem)
    return specification


def _obstacles(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield what keeps the mock from answering an operation, each with its place in the document."""
    if _is_control(operation.path):
        yield operation.pointer, "/_mock belongs to the control plane"
    if operation.id in _NEED_SUBJECT and not operation.parameters:
        yield operation.pointer, f"{operation.id} needs an id in its path"
    answer = operation.success
    if answer.schema is not None and (operation.id not in HANDLERS or operation.id in _SHOW_NOTHING):
        if not answer.examples:
            yield answer.pointer, f"the mock has no answer to {operation.id}, and the document no example"
        elif problems(answer.schema, answer.example):
            yield answer.pointer, f"the example that answers {operation.id} does not fit its schema"


@lru_cache(maxsize=1024)  # asked twice of each request, and a client has few keys
def _bearer_key(authorization: str) -> str | None:
    """Return the key of an Authorization header (RFC 6750: the scheme is read without regard to case)."""
    scheme, _, key = authorization.partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key or " " in key:
        return None
    return key
