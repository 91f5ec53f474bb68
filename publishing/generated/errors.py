"""The documented errors as a table: from the error answers of the specification and their examples."""

from collections.abc import Iterator
from typing import Any

from publishing.generated.documents import published
from publishing.generated.tables import table

_LEVELS = ("documented", "related", "inferred")


def errors() -> str:
    """Return each status and code with what it means, where it is answered and how sure that is."""
    found: dict[tuple[int, str, str, str], list[str]] = {}
    for status, code, meaning, level, operation in _errors():
        found.setdefault((status, code, meaning, level), []).append(operation)
    rows = [
        (status, f"`{code}`", meaning, _names(names), level)
        for (status, code, meaning, level), names in sorted(found.items())
    ]
    return table(("status", "code", "means", "answered by", "level"), rows)


def _errors() -> Iterator[tuple[int, str, str, str, str]]:
    document = published().document
    for operation in published().operations.values():
        for status, answer in document["paths"][operation.path][operation.method.lower()][
            "responses"
        ].items():
            answer = _resolved(document, answer)
            if int(status) < 400:
                continue
            examples = answer["content"]["application/json"]["examples"].values()
            for example in examples:
                # An answer is as sure as what is least sure of it: its status, or its code.
                level = max((part["x-provenance"]["level"] for part in (answer, example)), key=_LEVELS.index)
                means = (
                    " ".join(answer["description"].split())
                    if len(examples) == 1
                    else f"{example['summary']}."
                )
                yield int(status), example["value"]["code"], means, level, operation.id


def _resolved(document: Any, answer: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in answer:
        return answer
    name = answer["$ref"].rpartition("/")[2]
    return dict(document["components"]["responses"][name])


def _names(names: list[str]) -> str:
    if len(names) == len(published().operations):
        return "all"
    return ", ".join(f"`{name}`" for name in names)
