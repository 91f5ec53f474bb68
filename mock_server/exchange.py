"""One request on its way to its answer, and the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wrappers import Request

from mock_server.specification import Operation
from mock_server.store import Tenant


@dataclass(slots=True)
class Answer:
    """What goes back: a status, a JSON value (None: no body at all) and headers.

    `dropped` asks the server to close the connection without a word. `raw` is sent instead of the JSON value:
    only a deviation ever sets it.
    """

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False
    raw: bytes | None = None


@dataclass(slots=True)
class Exchange:
    """One request and all that is found out about it while it is answered.

    `refusal` is why the request was not let in (401) or led nowhere (404, 405), if so. `arguments` are the path's.
    `received` is how many bytes the body has, as the client says, and as were counted once they were read. `content` is
    those bytes once they were read, and others where a deviation sets them; `body` is the JSON value made of them, with
    secrets sealed and unknown fields, which `ignored` names, left out; it names unknown query parameters too, as
    `?name`. `notes` collects what `explain` tells.
    `everyone` returns the tenants of all keys: only a deviation asks for them.
    """

    id: str
    request: Request
    tenant: Tenant
    operation: Operation | None
    arguments: Mapping[str, str]
    refusal: Exception | None = None
    received: int = 0
    content: bytes | None = None
    body: Any = None
    ignored: list[str] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    everyone: Callable[[], list[Tenant]] = list

    def read(self, limit: int) -> bytes:
        """Return the bytes of the body.

        Raises:
            RequestEntityTooLarge: they are more than the limit.
            ClientDisconnected: they are fewer than the client has said.
        """
        if self.content is None:
            if self.received > limit:
                raise RequestEntityTooLarge
            self.content = self.request.stream.read(limit + 1)  # a client need not say how many there are
            if len(self.content) < self.received:
                raise ClientDisconnected
            self.received = len(self.content)
        if len(self.content) > limit:
            raise RequestEntityTooLarge
        return self.content

    @property
    def query(self) -> Mapping[str, str]:
        """The query parameters; the first value counts where one is repeated."""
        return self.request.args


# What a deviation wraps: from an exchange to its answer.
Perform = Callable[[Exchange], Answer]
