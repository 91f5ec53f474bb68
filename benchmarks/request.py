"""One request as the benchmark sends it again and again, each time with another number in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NUMBER = "<n>"  # where the number of the request goes


@dataclass(frozen=True)
class Request:
    """A request and the answer that is right.

    Args:
        method: the HTTP method.
        path: path and query.
        headers: without Host and Content-Length.
        body: the text, with `<n>` where the number of the request goes.
        status: the status of the right answer.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    status: int = 200

    def encoded(self, number: int = 0) -> bytes:
        """Return the bytes of the request of this number."""
        body = self.body.replace(NUMBER, str(number)).encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body


def as_lua(request: Request, first: int) -> str:
    """Return the wrk script that sends a request over and over, numbered from `first`."""
    headers = "".join(f"wrk.headers[{_quoted(k)}] = {_quoted(v)}\n" for k, v in request.headers.items())
    parts = " .. n .. ".join(_quoted(part) for part in request.body.split(NUMBER))
    return (
        f"wrk.method = {_quoted(request.method)}\n{headers}"
        f"local n = {first - 1}\n"
        "request = function()\n"
        "  n = n + 1\n"
        f"  return wrk.format(nil, {_quoted(request.path)}, nil, {parts})\n"
        "end\n"
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
