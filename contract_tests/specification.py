"""The OpenAPI document that a run follows: where its operations are, and which version it is."""

from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from contract_tests.errors import BadArguments
from contract_tests.exchange import Operation

_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Specification:
    """An OpenAPI document, as far as the kit reads it.

    Args:
        path: the file; None for the published document.

    Raises:
        BadArguments: the file cannot be read, or lacks an operation that the kit needs.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.file = path or published_document()
        self.document = _read(self.file)
        info, paths = self.document.get("info"), self.document.get("paths")
        if not isinstance(info, dict) or "version" not in info or not isinstance(paths, dict):
            raise BadArguments(f"--spec: {self.file} is no OpenAPI document: it has no version or no paths")
        self.version = str(info["version"])
        self._paths: dict[str, str] = {
            str(operation["operationId"]): path
            for path, item in paths.items()
            if isinstance(item, dict)
            for operation in item.values()
            if isinstance(operation, dict) and "operationId" in operation
        }
        missing = [operation.value for operation in Operation if operation.value not in self._paths]
        if missing:
            raise BadArguments(f"--spec: {self.file} has no operation {', '.join(missing)}")

    def path(self, operation: Operation) -> str:
        """The path of an operation, with its parameter in braces."""
        return self._paths[operation.value]

    @cached_property
    def accounts_path(self) -> str:
        """The path of the collection of managed accounts."""
        return self.path(Operation.LIST)

    @cached_property
    def orders_path(self) -> str:
        """The path of the collection of orders."""
        return self.path(Operation.LIST_ORDERS)


def _read(file: Path) -> dict[str, Any]:
    try:
        document = yaml.load(file.read_bytes(), Loader=_YAML_LOADER)  # noqa: S506 - it is a safe one
    except OSError as error:
        raise BadArguments(f"--spec: {file}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise BadArguments(f"--spec: {file}: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise BadArguments(f"--spec: {file} is no OpenAPI document: it holds no object")
    return document


def published_document() -> Path:
    """The path of the published document: beside the packages in a checkout, inside `mock_server` in a wheel."""
    package = find_spec("mock_server")
    inside = Path(package.origin or "").parent / "openapi.yaml" if package else Path("openapi.yaml")
    return inside if inside.exists() else Path(__file__).parent.parent / "openapi.yaml"
