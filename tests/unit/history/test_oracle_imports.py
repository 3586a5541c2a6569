"""The oracle shares no code with what it judges: its modules import the standard library, orjson, and each other."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import oracle

ALLOWED = ("tests.support.oracle", "orjson", *sys.stdlib_module_names)


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def foreign(source: str) -> list[str]:
    return [name for name in imported(source) if not any(f"{name}.".startswith(f"{each}.") for each in ALLOWED)]


def test_the_oracle_knows_nothing_of_ours() -> None:
    sources = {path.name: path.read_text("utf-8") for path in Path(str(oracle.__file__)).parent.glob("**/*.py")}
    assert len(sources) > 10
    assert {name: found for name, source in sources.items() if (found := foreign(source))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "from schemas.times import Period",
        "import services.reporting.domain.ledger.entity_fold",
        "def later():\n    from tests.unit.history import ledgers",
        "from tests.support.generator import History",
        "from . import cases",
    ],
)
def test_what_it_must_not_know_is_found(line: str) -> None:
    assert len(foreign(f"import orjson\nfrom datetime import date\n{line}\n")) == 1
