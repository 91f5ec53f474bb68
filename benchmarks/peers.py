"""What is measured: our mock, its peers, and two floors. One small description each.

A peer gets the option that makes it faster where it has one that does not change what it does (quiet, no journal).
Our mock runs with its defaults: access log, journal, validation of requests and answers, encryption of passwords.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.installed import NPM, STUBS, WIREMOCK_JAR, npm_version, program, python_version
from benchmarks.plan import BENCH, HOST, PROJECT
from benchmarks.request import Request

_FLOORS = PROJECT / "benchmarks" / "floors"

_JSON_HEADERS = {"Authorization": "Bearer zn_test_benchmark", "Content-Type": "application/json"}
_ACCOUNT = (
    '{"email": "account-<n>@example.com", "password": "correct horse battery staple", "retailer": "amazon"}'
)
CREATE = Request("POST", "/users/managed-accounts", _JSON_HEADERS, _ACCOUNT, status=201)

# moto stands in for AWS; its operation that stores a credential is Secrets Manager's CreateSecret.
_CREATE_SECRET = Request(
    "POST",
    "/",
    {
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260115/us-east-1/secretsmanager/aws4_request, "
        "SignedHeaders=host, Signature=0",
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "secretsmanager.CreateSecret",
    },
    '{"Name": "account-<n>", "SecretString": "correct horse battery staple",'
    ' "ClientRequestToken": "550e8400-e29b-41d4-a716-446655440000"}',
)


@dataclass(frozen=True)
class Server:
    """One server to measure.

    Args:
        name: its name in the tables.
        does: what it does with the request, in a few words.
        command: its command line; `{port}` is filled in.
        create: the operation, and the status of its right answer.
        version: returns the version that is installed.
        folder: where it runs.
    """

    name: str
    does: str
    command: tuple[str, ...]
    create: Request
    version: Callable[[], str]
    folder: Path = BENCH

    def command_on(self, port: int) -> list[str]:
        """Return the command line that makes it listen on a port."""
        return [word.replace("{port}", str(port)) for word in self.command]


def _floor(name: str, does: str, application: str, distribution: str) -> Server:
    options = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "1", "--http", "1", "--no-ws")
    return Server(
        name,
        does,
        (
            program("ours", "granian"),
            *options,
            "--runtime-mode",
            "st",
            "--host",
            HOST,
            "--port",
            "{port}",
            application,
        ),
        CREATE,
        lambda: f"{distribution} {python_version('ours', distribution)}",
        _FLOORS,
    )


OURS = Server(
    "zinc-mock",
    "stateful, validates requests and answers, encrypts passwords, keeps a journal",
    (program("ours", "zinc-mock"), "--host", HOST, "--port", "{port}"),
    CREATE,
    lambda: python_version("ours", "zinc-managed-accounts-kit"),
)
FLASK = _floor(
    "bare Flask", "floor: one jsonschema validation, a dictionary, granian", "flask_floor:app", "flask"
)
WSGI = _floor("bare WSGI", "floor: a function with one fixed answer, granian", "wsgi_floor:app", "granian")
WIREMOCK = Server(
    "WireMock",
    "stateless, one templated stub, request journal off",
    (
        *("java", "-jar", str(WIREMOCK_JAR)),
        *("--port", "{port}", "--bind-address", HOST, "--root-dir", str(STUBS / "wiremock")),
        *("--disable-banner", "--no-request-journal"),
    ),
    CREATE,
    lambda: npm_version("wiremock"),
)
PRISM = Server(
    "Prism",
    "stateless, validates requests by our openapi.yaml, answers its example, log off",
    (
        *("node", str(NPM / "@stoplight/prism-cli/dist/index.js"), "mock", "-v", "silent"),
        *("-h", HOST, "-p", "{port}", str(PROJECT / "openapi.yaml")),
    ),
    CREATE,
    lambda: npm_version("@stoplight/prism-cli"),
)
JSON_SERVER = Server(
    "json-server",
    "stateful collection in memory, no validation, log off",
    (
        *("node", str(NPM / "json-server/lib/cli/bin.js"), "--quiet", "--host", HOST, "--port", "{port}"),
        str(STUBS / "json-server.js"),
    ),
    Request("POST", "/managed-accounts", _JSON_HEADERS, _ACCOUNT, status=201),
    lambda: npm_version("json-server"),
)
MOCKOON = Server(
    "Mockoon",
    "stateful CRUD route, no validation, log not written to a file",
    (
        *("node", str(NPM / "@mockoon/cli/bin/run.js"), "start", "--disable-log-to-file"),
        *("--hostname", HOST, "--port", "{port}", "--data", str(STUBS / "mockoon.json")),
    ),
    CREATE,
    lambda: npm_version("@mockoon/cli"),
)
MOTO = Server(
    "moto",
    "stateful, validates; Secrets Manager's CreateSecret",
    (program("moto", "moto_server"), "-H", HOST, "-p", "{port}"),
    _CREATE_SECRET,
    lambda: python_version("moto", "moto"),
)

PEERS = (WIREMOCK, PRISM, JSON_SERVER, MOCKOON, MOTO)
ALL = (OURS, *PEERS, FLASK, WSGI)
