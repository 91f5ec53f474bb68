"""An OpenAPI document as operations whose references are resolved, ready to be compared."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class DocumentError(Exception):
    """A document cannot be read; the message says which and why."""


@dataclass(frozen=True)
class Operation:
    """One operation: where it stands, and what the document says of it, without references.

    `parameters` are those of the path and of the operation, by place and name; the names of those in the path are
    left out, as they are not part of a request.
    """

    id: str | None
    method: str
    path: str
    parameters: Mapping[tuple[str, str], Mapping[str, Any]]
    body: Mapping[str, Any] | None
    answers: Mapping[str, Mapping[str, Any]]
    secured: bool

    @property
    def name(self) -> str:
        """The operation as a reader knows it: `GET /orders`."""
        return f"{self.method.upper()} {self.path}"

    @property
    def route(self) -> tuple[str, str]:
        """What a request shows of it: parameters in a path have no names there."""
        return self.method, re.sub(r"{[^}]*}", "{}", self.path)


@dataclass(frozen=True)
class Document:
    """What of a document clients depend on."""

    operations: Mapping[tuple[str, str], Operation]
    servers: tuple[str, ...]

    @classmethod
    def of(cls, document: Any) -> "Document":
        """Read a document that is loaded already.

        Raises:
            DocumentError: it is no OpenAPI document, or a reference leads nowhere or back to itself.
        """
        if not isinstance(document, dict) or "paths" not in document:
            raise DocumentError("this is no OpenAPI document: it has no paths")
        operations = {operation.route: operation for operation in _operations(document)}
        return cls(operations, tuple(server.get("url", "") for server in document.get("servers", ())))


def document_in(path: Path) -> Document:
    """Return the document in a file.

    Raises:
        DocumentError: the file cannot be read, or holds no OpenAPI document.
    """
    try:
        return Document.of(_loaded(path.read_bytes(), str(path)))
    except OSError as problem:
        raise DocumentError(f"{path}: {problem.strerror}") from problem


def document_at(revision: str, path: Path) -> Document:
    """Return the document that a file of the repository was at a revision.

    Raises:
        DocumentError: git knows no such revision, or the file was not there or held no OpenAPI document.
    """
    command = ["git", "show", f"{revision}:./{path.name}"]
    shown = subprocess.run(command, cwd=path.parent, capture_output=True, check=False)  # noqa: S603
    if shown.returncode:
        raise DocumentError(shown.stderr.decode(errors="replace").strip().splitlines()[0])
    return Document.of(_loaded(shown.stdout, f"{revision}:{path.name}"))


def _loaded(source: bytes, name: str) -> Any:
    try:
        return yaml.safe_load(source)
    except yaml.YAMLError as problem:
        raise DocumentError(f"{name}: {str(problem).splitlines()[0]}") from problem


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        item = _resolved(document, item)
        for method in METHODS:
            if method in item:
                yield _operation(document, path, method, item)


def _operation(document: dict[str, Any], path: str, method: str, item: dict[str, Any]) -> Operation:
    described = item[method]
    parameters = [*item.get("parameters", ()), *described.get("parameters", ())]
    security = described.get("security", document.get("security", []))
    return Operation(
        id=described.get("operationId"),
        method=method,
        path=path,
        parameters={(one["in"], one["name"]): one for one in parameters if one["in"] != "path"},
        body=described.get("requestBody"),
        answers={str(status): answer for status, answer in described.get("responses", {}).items()},
        secured=bool(security) and {} not in security,
    )


def _resolved(document: dict[str, Any], node: Any, seen: tuple[str, ...] = ()) -> Any:
    """Return a copy of a part of the document in which each `$ref` is replaced by what it points to."""
    if isinstance(node, list):
        return [_resolved(document, inner, seen) for inner in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {name: _resolved(document, inner, seen) for name, inner in node.items()}
    if reference in seen:
        raise DocumentError(f"{reference} refers to itself")
    beside = {name: inner for name, inner in node.items() if name != "$ref"}
    return _resolved(document, {**_target(document, reference), **beside}, (*seen, reference))


def _target(document: dict[str, Any], reference: str) -> dict[str, Any]:
    node: Any = document
    for step in reference.removeprefix("#/").split("/"):
        try:
            node = node[step.replace("~1", "/").replace("~0", "~")]
        except (KeyError, TypeError) as problem:
            raise DocumentError(f"{reference} leads nowhere") from problem
    return dict(node)
