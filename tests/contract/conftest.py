"""The place of the published schemas, and a reader of one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "schemas"


@pytest.fixture(scope="session")
def golden() -> Callable[[str], dict[str, Any]]:
    def read(type_string: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((SCHEMAS / "published" / f"{type_string}.schema.json").read_bytes())
        return found

    return read
