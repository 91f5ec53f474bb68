"""The documents as the reference pages show them: what stands in `x-provenance` becomes text for people."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from mock_server.specification import Operation, Specification

# What a badge looks like, in the renderer's words.
_COLOURS = {"documented": "green", "related": "blue"}


def readable(specification: Specification, base_url: str) -> dict[str, Any]:
    """Return a specification's document for the renderer; the original stays as it is.

    Each description ends with its level and source, operations and fields wear their level as a badge, operations
    have a curl line, and this mock stands first among the servers.

    Args:
        specification: the document to show.
        base_url: where this mock is, without a slash at the end.
    """
    document: dict[str, Any] = _told(specification.document)
    servers = [server for server in document.get("servers", []) if server.get("url") != base_url]
    document["servers"] = [{"url": base_url, "description": "This mock."}, *servers]
    for operation in specification.operations.values():
        item = document["paths"][operation.path]
        shown = item[operation.method.lower()]
        of_path = _provenance(item)
        if of_path is not None:
            shown["description"] = _joined(shown.get("description"), _sentence(of_path, "Path "))
        shown["x-codeSamples"] = [{"lang": "Shell", "label": "curl", "source": curl(operation, base_url)}]
    return document


def link(specification: Specification, operation: Operation) -> str:
    """Return the address of an operation on the reference page, relative to the mock."""
    shown = specification.document["paths"][operation.path][operation.method.lower()]
    tags = shown.get("tags") or [""]
    section = re.sub(r"[^a-z0-9]+", "-", str(tags[0]).lower()).strip("-")
    return f"/docs#/{section}/{operation.id.lower()}"


def curl(operation: Operation, base_url: str) -> str:
    """Return the command that calls an operation with its documented example."""
    address = base_url + operation.path
    lines = [f"curl {address}"] if operation.method == "GET" else [f"curl -X {operation.method}", address]
    if operation.secured:
        lines.append('-H "Authorization: Bearer $ZINC_API_KEY"')
    if operation.media_type is not None:
        lines.append(f"-H 'Content-Type: {operation.media_type}'")
        lines.append(f"-d {shlex.quote(json.dumps(operation.body_example, indent=2))}")
    return " \\\n  ".join(lines)


def _told(node: Any) -> Any:
    """Return a copy of a node in which everything that has a provenance tells it."""
    if isinstance(node, list):
        return [_told(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    copy = {name: _told(inner) for name, inner in node.items()}
    provenance = _provenance(node)
    if provenance is None:
        return copy
    if "value" in node:  # an example, of which the list to choose from shows the summary
        copy["summary"] = f"{node.get('summary', 'Example')} ({provenance['level']})"
    if "url" in node:  # a server, whose description is plain text
        copy["description"] = f"{node.get('description', '')} ({provenance['level']}: {provenance['source']})"
        return copy
    copy["description"] = _joined(node.get("description"), _sentence(provenance))
    if "operationId" in node or "type" in node or "schema" in node:
        level = provenance["level"]
        copy["x-badges"] = [{"name": level, "color": _COLOURS.get(level, "orange")}]
    return copy


def _joined(description: Any, addition: str) -> str:
    return f"{description}\n\n{addition}" if isinstance(description, str) and description else addition


def _provenance(node: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the provenance of a node if it has one; a document of the user's own may have anything there."""
    found = node.get("x-provenance")
    return found if isinstance(found, Mapping) and {"level", "source"} <= found.keys() else None


def _sentence(provenance: Mapping[str, Any], about: str = "") -> str:
    """Return a provenance as one paragraph of Markdown, set apart as a quotation."""
    return " ".join([f"> {about}*{provenance['level']}*: {provenance['source']}.", *_remarks(provenance)])


def _remarks(provenance: Mapping[str, Any]) -> Iterator[str]:
    keywords = provenance.get("keywords")
    if isinstance(keywords, Mapping):
        for keyword, level in keywords.items():
            yield f"`{keyword}` is *{level}*."
    if "note" in provenance:
        yield str(provenance["note"])
    if "disagreement" in provenance:
        yield f"**The vendor's pages disagree**: {provenance['disagreement']}"
    if "choice" in provenance:
        yield f"**Chosen here**: {provenance['choice']}"
