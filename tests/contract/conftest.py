"""The place of the golden files, and the flag that writes them anew."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "schemas"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write schemas/published/ from the models")


@pytest.fixture
def updates_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def golden() -> Callable[[str], dict[str, Any]]:
    def read(type_string: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((SCHEMAS / "published" / f"{type_string}.schema.json").read_bytes())
        return found

    return read
