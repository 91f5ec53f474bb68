"""What a test in Python can do with a sandbox, as tables: from the methods of `mock_server.testing`."""

import inspect
from collections.abc import Iterator

from mock_server import testing
from publishing.generated.tables import table

# How a test writes each: the fixture, and what hangs on it.
_WRITTEN = {
    "zinc_sandbox": testing.Sandbox,
    "zinc_sandbox.clock": testing.Clock,
    "zinc_sandbox.faults": testing.Faults,
    "zinc_sandbox.deviations": testing.Deviations,
}


def python_sandbox() -> str:
    """Return a section for each part of a sandbox, with all that it has."""
    return "\n\n".join(
        f"### `{written}`\n\n{inspect.getdoc(kind).splitlines()[0]}\n\n{table(('member', 'does'), _members(kind))}"  # type: ignore[union-attr]
        for written, kind in _WRITTEN.items()
    )


def _members(kind: type) -> Iterator[tuple[str, str]]:
    for name, member in vars(kind).items():
        about = inspect.getdoc(member)
        if name.startswith("_") or about is None or isinstance(member, classmethod):
            continue
        yield (
            f"`{name}{'' if isinstance(member, property) else _arguments(member)}`",
            about.partition("\n\n")[0],
        )


def _arguments(method: object) -> str:
    parameters = list(inspect.signature(method).parameters.values())[1:]  # type: ignore[arg-type]
    words: list[str] = []
    for parameter in parameters:
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in words:
            words.append("*")
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        words.append(parameter.name + default)
    return f"({', '.join(words)})"
