"""A server on this machine that stands between a generator of requests and the server under test.

A generator may send whatever it draws, by ways that no hook of its own sees. What comes through here is made safe and
traceable first: addresses get a marker of the run, passwords become canaries, names in paths become accounts of the
run or names of no account. Then it goes out through the run's client, guard and judges like everything else.
"""

import json
import random
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, unquote

from contract_tests.accounts import Mint
from contract_tests.client import Client
from contract_tests.errors import GuardRefused, RunError
from contract_tests.exchange import Exchange, Intent, Key, Operation
from contract_tests.guard import Guard
from contract_tests.model import Model

NUMBER = "X-Zinc-Contract-Exchange"  # names the exchange of an answer that came from the server under test
NOT_SENT = 599  # the status of an answer of the proxy's own: nothing was sent

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")
_OF_THE_CONNECTION = {
    "host",
    "connection",
    "content-length",
    "accept-encoding",
    "transfer-encoding",
    "keep-alive",
}
_OF_THE_ENCODING = {
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "date",
    "server",
}


class Adapter:
    """Makes generated requests safe and traceable.

    Args:
        mint: makes markers, canaries and names.
        guard: has to know the names that are made up.
        model: knows the accounts that are there.
        accounts_path: of the collection of managed accounts.
        choice: decides which account a generated name stands for.
    """

    def __init__(
        self, mint: Mint, guard: Guard, model: Model, accounts_path: str, choice: random.Random
    ) -> None:
        self._mint = mint
        self._guard = guard
        self._model = model
        self._accounts_path = accounts_path
        self._choice = choice

    def knows(self, path: str) -> bool:
        """Whether a path is one of the managed accounts; a generator probes others too."""
        bare = path.partition("?")[0]
        return bare == self._accounts_path or bare.startswith(f"{self._accounts_path}/")

    def adapt(self, method: str, path: str, body: bytes | None, key: Key) -> tuple[str, bytes | None, Intent]:
        """The path and body to send in place of the generated ones, and what the request asks for."""
        bare, question_mark, query = path.partition("?")
        parent, _, name = bare.rpartition("/")
        operation = target = None
        if bare == self._accounts_path:
            operation = {"GET": Operation.LIST, "POST": Operation.CREATE}.get(method)
        elif parent == self._accounts_path and method in ("PUT", "DELETE"):
            operation = Operation.UPDATE if method == "PUT" else Operation.DELETE
            target = self._name(unquote(name))
            bare = f"{parent}/{quote(target, safe='')}"
        body = self._body(body) if operation in (Operation.CREATE, Operation.UPDATE) else body
        fields = _object(body)
        return (
            bare + question_mark + query,
            body,
            Intent(operation=operation, key=key, target=target, fields=fields),
        )

    def _name(self, generated: str) -> str:
        """An account of the run where it names one, or by lot; else a new name, with what is odd in the old one."""
        mine = [known.short_id for known in self._model.alive()]
        if generated in self._guard.made:
            return generated
        if mine and self._choice.random() < 0.6:
            return self._choice.choice(mine)
        made_up = self._mint.unknown_id()
        return made_up if generated.isalnum() else self._guard.beyond_made_up(made_up, generated)

    def _body(self, body: bytes | None) -> bytes | None:
        fields = _object(body)
        if fields is None:
            return body
        email, password = fields.get("email"), fields.get("password")
        if isinstance(email, str) and email.strip():
            marker = self._mint.marker()
            fields["email"] = marker.email if _ADDRESS.fullmatch(email) else f"{marker}{email}"
        if isinstance(password, str):
            fields["password"] = self._mint.password()
        return json.dumps(fields).encode()


def _object(body: bytes | None) -> dict[str, Any] | None:
    try:
        content = json.loads(body or b"")
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


class Proxy:
    """The server, with what went through it.

    Args:
        client: sends.
        adapter: makes requests safe.

    Attributes:
        exchanges: what went through, by the number that its answer carried.
        trouble: the first error of the run that a request ended in; nothing is sent after it.
    """

    def __init__(self, client: Client, adapter: Adapter) -> None:
        self.exchanges: dict[str, Exchange] = {}
        self.trouble: RunError | None = None
        self._client = client
        self._adapter = adapter
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Where the proxy listens, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def forward(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Send a generated request, if it may be; the status, headers and body to answer."""
        with self._lock:
            if self.trouble is not None or not self._adapter.knows(path):
                return NOT_SENT, [], b""
            authorization = headers.get("Authorization", "")
            key = next(
                (key for key, value in self._client.keys.items() if authorization == f"Bearer {value}"),
                Key.NONE,
            )
            path, body, intent = self._adapter.adapt(method, path, body, key)
            try:
                exchange = self._client.send(method, path, intent=intent, body=body, headers=headers)
            except GuardRefused:
                return NOT_SENT, [], b""  # the generator went astray; the guard kept it in
            except RunError as error:
                self.trouble = error
                return NOT_SENT, [], b""
            self.exchanges[str(exchange.number)] = exchange
        response = exchange.response
        kept = [(name, value) for name, value in response.headers if name.lower() not in _OF_THE_ENCODING]
        return response.status, [*kept, (NUMBER, str(exchange.number))], response.body

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        """Listen while the block runs."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def _handler_of(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _pass_on(self) -> None:
            length = self.headers.get("Content-Length")
            body = self.rfile.read(int(length)) if length else None
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in _OF_THE_CONNECTION
            }
            status, answered, content = proxy.forward(self.command, self.path, headers, body)
            self.send_response_only(status)
            for name, value in answered:
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content if status != 204 else b"")

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_HEAD = do_TRACE = _pass_on  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Say nothing: requests may hold secrets."""

    return Handler
