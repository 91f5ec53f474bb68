"""Compares two documents, operation by operation."""

from collections.abc import Mapping
from typing import Any

from publishing.spec_diff.changes import Change, Changes, Side
from publishing.spec_diff.document import Document, Operation
from publishing.spec_diff.schemas import compare_schemas


def compare(old: Document, new: Document) -> list[Change]:
    """Return what changed from an old document to a new one, in the order of places."""
    return sorted({*_compare_servers(old, new), *_compare_operations(old, new)})


def _compare_servers(old: Document, new: Document) -> Changes:
    for url in sorted({*old.servers} ^ {*new.servers}):
        gone = url not in new.servers
        yield Change("servers", f"{url} {'removed' if gone else 'added'}", gone)


def _compare_operations(old: Document, new: Document) -> Changes:
    moved = {operation.id: operation for operation in new.operations.values() if operation.id}
    for route, before in old.operations.items():
        after = new.operations.get(route)
        if after is not None:
            yield from _compare_operation(before, after)
        elif before.id in moved:
            yield Change(before.name, f"moved to {moved[before.id].name}", True)
            yield from _compare_operation(before, moved[before.id])
        else:
            yield Change(before.name, "removed", True)
    known = {operation.id for operation in old.operations.values()} - {None}
    for route, after in new.operations.items():
        if route not in old.operations and after.id not in known:
            yield Change(after.name, "added", False)


def _compare_operation(old: Operation, new: Operation) -> Changes:
    name = new.name
    if old.id != new.id:
        # Generators name the functions of a client after it.
        yield Change(name, f"operationId: {old.id} became {new.id}", True)
    if old.secured != new.secured:
        yield Change(
            name, "needs an API key now" if new.secured else "needs no API key any more", new.secured
        )
    yield from _compare_parameters(old, new)
    yield from _compare_bodies(old.body, new.body, f"{name} · request")
    yield from _compare_answers(old, new)


def _compare_parameters(old: Operation, new: Operation) -> Changes:
    for key in sorted(old.parameters.keys() | new.parameters.keys()):
        place = f"{new.name} · {key[0]} · {key[1]}"
        before, after = old.parameters.get(key), new.parameters.get(key)
        if after is None:
            yield Change(place, "removed", True)
            continue
        required = bool(after.get("required"))
        if before is None:
            yield Change(place, "added, and required" if required else "added", required)
            continue
        if required != bool(before.get("required")):
            yield Change(place, "required now" if required else "optional now", required)
        yield from compare_schemas(before.get("schema", True), after.get("schema", True), place, Side.REQUEST)


def _compare_bodies(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, place: str) -> Changes:
    if old is None or new is None:
        if old is not new:
            required = bool(new and new.get("required"))
            yield Change(place, "removed" if new is None else "added", new is None or required)
        return
    required = bool(new.get("required"))
    if required != bool(old.get("required")):
        yield Change(place, "required now" if required else "optional now", required)
    yield from _compare_content(old, new, place, Side.REQUEST)


def _compare_answers(old: Operation, new: Operation) -> Changes:
    for status in sorted(old.answers.keys() | new.answers.keys()):
        place = f"{new.name} · answer {status}"
        if status not in new.answers:
            yield Change(place, "removed", True)
        elif status not in old.answers:
            # Clients know that there are errors; a second kind of success is new to them.
            yield Change(place, "added", status.startswith(("2", "3")))
        else:
            before, after = old.answers[status], new.answers[status]
            yield from _compare_content(before, after, place, Side.ANSWER)
            yield from _compare_headers(before.get("headers", {}), after.get("headers", {}), place)


def _compare_headers(old: Mapping[str, Any], new: Mapping[str, Any], place: str) -> Changes:
    for header in sorted(old.keys() | new.keys()):
        where = f"{place} · {header}"
        if header not in new or header not in old:
            yield Change(where, "removed" if header not in new else "added", header not in new)
            continue
        if old[header].get("required") and not new[header].get("required"):
            yield Change(where, "optional now", True)
        yield from compare_schemas(
            old[header].get("schema", True), new[header].get("schema", True), where, Side.ANSWER
        )


def _compare_content(old: Mapping[str, Any], new: Mapping[str, Any], place: str, side: Side) -> Changes:
    before, after = old.get("content", {}), new.get("content", {})
    for media_type in sorted(before.keys() | after.keys()):
        if media_type not in after:
            yield Change(place, f"{media_type} removed", True)
        elif media_type not in before:
            # A client that got no body, or one of another kind, now gets this.
            yield Change(place, f"{media_type} added", side is Side.ANSWER)
        else:
            schemas = (before[media_type].get("schema", True), after[media_type].get("schema", True))
            for change in compare_schemas(*schemas, "", side):
                where = f"{place} · {change.place}" if change.place else place
                yield Change(where, change.what, change.breaking)
