"""The lines of docs/users/m-and-e.md, as they stand there, on a real database: psql, and Python with pandas."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from infra.local import postgres
from tests.unit.reporting.conftest import Database
from tests.unit.reporting.test_values import ARRESTS, kept

PAGE: Final = (Path(__file__).parents[3] / "docs" / "users" / "m-and-e.md").read_text(encoding="utf-8")


def block(language: str, after: str) -> str:
    """Give the first block of code in a language behind some words."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE[PAGE.index(after) :], re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
async def dsn(database: Database) -> str:
    await kept(database, ARRESTS)
    return database.server.dsn("me_read", database.name)


def run(*command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout


async def test_psql_gives_the_figure(dsn: str) -> None:
    line = block("", "**psql**").strip().replace("psql ", f"{postgres.binaries() / 'psql'} --csv ", 1)
    told = run("sh", "-c", line, environment={"DSN": dsn})
    assert told.splitlines()[0] == "period,value"
    assert "2024,7" in told.splitlines()


async def test_three_lines_of_pandas_give_typed_figures(dsn: str) -> None:
    lines = block("python", "**Python with pandas**")
    assert len([line for line in lines.splitlines() if line]) == 3
    program = f"import warnings; warnings.simplefilter('ignore')\ndsn = {dsn!r}\n{lines}"
    program += "\nwhole = figures[(figures.period == '2024') & (figures.dimension == '')]"
    program += "\nprint(whole.value.tolist(), figures.value.dtype, figures.last_day.max())"
    assert run(sys.executable, "-c", program, environment={}).strip() == "[7.0] float64 2024-12-31"


async def test_grafana_s_question_is_answered(database: Database, dsn: str) -> None:
    said = re.search(r"Query: `(SELECT .*?)`\.", PAGE, re.DOTALL)
    assert said is not None
    reader = await database.connect("me_read")
    rows: list[Any] = await reader.fetch(said[1])
    assert {row["value"] for row in rows} <= {7.0, 0.0, None}
    assert rows
