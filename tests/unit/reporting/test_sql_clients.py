"""The lines of docs/users/m-and-e.md on a real database, as they stand there: psql, pandas, R, and what others send."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from infra.local import postgres
from tests.unit.reporting.conftest import Database
from tests.unit.reporting.test_values import ARRESTS, kept

DOCS: Final = Path(__file__).parents[3] / "docs"
PAGE: Final = (DOCS / "users" / "m-and-e.md").read_text(encoding="utf-8")
SPANISH: Final = (DOCS / "es" / "users" / "m-and-e.md").read_text(encoding="utf-8")


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


@pytest.mark.r
async def test_the_lines_of_r_give_typed_figures(dsn: str) -> None:
    at = urlsplit(dsn)
    said = {
        'host = "…"': f'host = "{at.hostname}"',
        "port = 5432": f"port = {at.port}",
        'dbname = "atips"': f'dbname = "{at.path[1:]}"',
        'password = "…"': f'password = "{at.password}"',
    }
    lines = block("r", "**R**")
    assert len(lines.splitlines()) == 3
    for shown, real in said.items():
        assert shown in lines
        lines = lines.replace(shown, real)
    program = f"{lines}whole <- figures[figures$period == '2024' & figures$dimension == '',]\n"
    program += "cat(whole$value, class(figures$value), format(max(figures$last_day)), '\\n')"
    assert run("Rscript", "-e", program, environment={"PATH": os.environ["PATH"]}).strip() == "7 numeric 2024-12-31"


async def test_the_line_for_the_prompt_gives_the_figure(database: Database, dsn: str) -> None:
    del dsn  # the figures are kept
    said = re.search(r'atips sql --csv -c "(SELECT [^"]+)"', PAGE)
    assert said is not None
    reader = await database.connect("me_read")
    assert ("2024", "7") in {tuple(row) for row in await reader.fetch(said[1])}


_SELECTED: Final = """
SELECT relname FROM pg_class
WHERE relnamespace = 'reporting'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')
    AND has_table_privilege($1, oid, 'SELECT')
"""


@pytest.mark.parametrize("page", [PAGE, SPANISH])
async def test_each_role_reads_the_views_that_the_page_names_and_no_other(database: Database, page: str) -> None:
    documented: dict[str, set[str]] = {role: set() for role in ("me_read", "me_officer", "auditor")}
    roles: list[str] = []
    for view, who in re.findall(
        r"^\| `(figure_\w+|ledger_entry|exact_question|exact_look)` \|.*\| ([^|]+) \|$", page, re.MULTILINE
    ):
        roles = re.findall(r"`(\w+)`", who) or roles  # "the same"
        for role in roles:
            documented[role].add(view)
    look = await database.connect()
    for role, views in documented.items():
        assert {row["relname"] for row in await look.fetch(_SELECTED, role)} == views, role


def grafana(query: str, first: str, last: str) -> str:
    """Replace Grafana's macros as it does: the times of a dashboard are instants in UTC, as text."""
    query = re.sub(r"\$__time\((\w+)\)", r'\1 AS "time"', query)
    return re.sub(r"\$__timeFilter\((\w+)\)", rf"\1 BETWEEN '{first}T06:00:00Z' AND '{last}T05:59:59.999Z'", query)


async def test_grafana_s_question_is_answered_for_the_time_of_the_dashboard(database: Database, dsn: str) -> None:
    del dsn  # the figures are kept
    said = block("", "**Grafana.**")
    reader = await database.connect("me_read")
    rows: list[Any] = await reader.fetch(grafana(said, "2024-01-01", "2025-01-01"))
    assert [tuple(row) for row in rows] == [(date(2024, 12, 31), 7.0)]
    assert list(rows[0].keys()) == ["time", "value"]
    assert await reader.fetch(grafana(said, "2019-01-01", "2020-01-01")) == []


_TABLES: Final = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1, 2
"""
_COLUMNS: Final = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = 'reporting' AND table_name = 'figure_value'
"""
_TYPES: Final = """
SELECT n.nspname, t.oid, t.typname, t.typtype, r.rngsubtype, p.proname
FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace LEFT JOIN pg_range AS r ON r.rngtypid = t.oid
    LEFT JOIN pg_proc AS p ON p.oid = t.typreceive
"""


async def test_a_tool_that_lists_tables_finds_the_views_and_reads_one_by_its_quoted_name(
    database: Database, dsn: str
) -> None:
    """Power BI and others first load the server's types, list tables and columns, and then quote all names."""
    del dsn  # the figures are kept
    reader = await database.connect("me_read")
    assert await reader.fetch(_TYPES)
    views = {("reporting", name) for name in ("figure_definition", "figure_status", "figure_value")}
    assert {tuple(row) for row in await reader.fetch(_TABLES)} == views
    types = {row["column_name"]: row["data_type"] for row in await reader.fetch(_COLUMNS)}
    assert (types["value"], types["last_day"], types["figure"]) == ("double precision", "date", "text")
    named = ", ".join(f'"_"."{name}"' for name in types)
    whole = '"_"."figure" = \'O9\' AND "_"."dimension" = \'\' AND "_"."period" = \'2024\''
    [row] = await reader.fetch(f'SELECT {named} FROM "reporting"."figure_value" "_" WHERE {whole} LIMIT 1000')
    assert row["value"] == 7.0
    await reader.execute("DISCARD ALL")  # a pool does so before it hands the connection on
