"""Where the golden files are, what main has of them, and the flag that writes them anew."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "schemas"

ReadMain = Callable[[str], bytes | None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write schemas/published/ from the models")


@pytest.fixture
def updates_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def on_main() -> ReadMain:
    """A file as git's main branch has it, or None: no git, no such branch, not yet there."""

    def show(path: str) -> bytes | None:
        try:
            done = subprocess.run(["git", "show", f"main:{path}"], cwd=ROOT, capture_output=True, check=False)
        except OSError:
            return None
        return done.stdout if done.returncode == 0 else None

    return show


@pytest.fixture(scope="session")
def golden() -> Callable[[str], dict[str, Any]]:
    def read(type_string: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((SCHEMAS / "published" / f"{type_string}.schema.json").read_bytes())
        return found

    return read
