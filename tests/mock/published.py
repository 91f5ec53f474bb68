"""The published document, as any YAML reader reads it."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PATH = ROOT / "openapi.yaml"
CONTROL_PATH = ROOT / "mock_server" / "control" / "openapi.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(PATH.read_text("utf-8"))
