"""YAML as OpenAPI means it: what JSON can say and nothing else (OpenAPI 3.1, section 4.3).

Keys are texts, a key stands once, dates and `no` are texts. The usual loaders of YAML 1.1 think otherwise.
"""

import re
from typing import Any, ClassVar

import yaml

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"
_NO_JSON = frozenset({"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"})


class DocumentError(Exception):
    """The text is no such document; the message says where and why, in one line."""


def parse_document(source: bytes) -> Any:
    """Return the value that a YAML (or JSON) text stands for.

    Raises:
        DocumentError: it is no YAML, or says what JSON cannot.
    """
    try:
        return yaml.load(source, Loader=_Loader)  # noqa: S506 (it descends from a safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise DocumentError(f"{place}{problem}") from error


class _Loader(_Base):  # type: ignore[misc]
    """Takes all keys as texts, and refuses one that stands twice."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _NO_JSON]
        for first, resolvers in _Base.yaml_implicit_resolvers.items()
    }

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """Make the value of a node, or say where it is that a value does not fit its tag."""
        if node.tag == _TEXT and isinstance(node, yaml.ScalarNode):
            return node.value  # most of a document is text, and the usual way is long
        try:
            return super().construct_object(node, deep)
        except (ValueError, KeyError) as problem:
            raise _error(node, f"the value does not fit the tag {node.tag!r}") from problem

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
        """Make a dictionary of a mapping."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _error(key, "a key must be a text")
            if key.value in seen:
                raise _error(key, f"the key {key.value!r} stands twice")
            seen.add(key.value)
        if any(key.tag == _MERGE for key, _ in node.value):
            self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def _error(node: Any, problem: str) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
