"""HTTP as bytes on a socket: what a client library would hide."""

import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit


def exchanged(url: str, sent: bytes, *, patience: float = 30.0) -> bytes:
    """Sends bytes to a server and returns all that comes back until it closes the connection."""
    parts = urlsplit(url)
    received = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=patience) as connection:
        connection.sendall(sent)
        while chunk := connection.recv(65_536):
            received += chunk
    return received


def request(
    method: str, path: str, body: bytes | None = None, *, key: str = "zn_test_wire", more: str = ""
) -> bytes:
    """Returns a request as bytes; the server is asked to close the connection after it."""
    lines = [f"{method} {path} HTTP/1.1", "Host: mock", f"Authorization: Bearer {key}", "Connection: close"]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n" + more + "\r\n").encode("latin-1") + (body or b"")


def parts(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """Returns the status, the headers (names in lower case) and the body of an answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return int(status_line.split()[1]), headers, body


class Connection:
    """One connection that is kept open, for many calls with one key."""

    def __init__(self, url: str, key: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Returns the status and the JSON value of the answer."""
        sent = None if body is None else json.dumps(body)
        self._connection.request(method, path, sent, self._headers)
        response = self._connection.getresponse()
        content = response.read()
        return response.status, json.loads(content) if content else None

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
