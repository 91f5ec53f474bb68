"""Source files and directories that pages link to, as pages."""

import ast
from pathlib import Path

from publishing.site.map_of_pages import ROOT
from publishing.site.markdown import highlighted

_LANGUAGES = {".py": "python", ".yaml": "yaml", ".json": "json", ".toml": "toml", ".ts": "typescript"}


def source_of(name: str) -> str:
    """Return a file's text as HTML with colours."""
    path = ROOT / name
    return highlighted(path.read_text("utf-8"), _LANGUAGES.get(path.suffix, ""))


def files_of(name: str) -> list[tuple[str, str]]:
    """Return the files of a directory, each with the first line of what it says of itself."""
    files = [path for path in sorted((ROOT / name).iterdir()) if path.is_file() and path.suffix in _LANGUAGES]
    return [(path.name, _about(path)) for path in files]


def _about(path: Path) -> str:
    if path.suffix != ".py":
        return ""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    return docstring.splitlines()[0] if docstring else ""
