"""Comments at the database's own prompt: each view and each column says what it holds."""

import pytest

from tests.unit.reporting.conftest import Database

_READABLE = """
SELECT n.nspname || '.' || c.relname AS name, obj_description(c.oid, 'pg_class') AS said,
    (
        SELECT array_agg(a.attname::text) FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL
    ) AS silent,
    (
        SELECT array_agg(a.attname::text) FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) !~ ' / '
    ) AS in_one_language
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname !~ '^(pg_|information_schema)'
    AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
"""
OFFICER = {"reporting.figure_cell", "referral.waits", "case_tracker.findings"}


@pytest.mark.parametrize(
    ("role", "some"),
    [
        ("officer", OFFICER),
        ("me_read", {"reporting.figure_value", "reporting.figure_definition", "reporting.figure_status"}),
        ("auditor", {"reporting.ledger_entry", "reporting.exact_question"}),
    ],
)
async def test_all_that_a_role_may_read_says_what_it_is(database: Database, role: str, some: set[str]) -> None:
    reader = await database.connect(role)
    rows = await reader.fetch(_READABLE)
    found = {row["name"]: (row["said"], row["silent"]) for row in rows}
    assert some <= found.keys()
    ours = {name: each for name, each in found.items() if role != "auditor" or name.startswith("reporting.")}
    assert {name: silent for name, (said, silent) in ours.items() if not said or silent} == {}
    if role != "officer":
        assert [name for name, (said, _) in ours.items() if " / " not in said] == []
        assert [
            (row["name"], row["in_one_language"]) for row in rows if row["in_one_language"] and row["name"] in ours
        ] == []


@pytest.mark.parametrize("view", ["figure_cell", "edition_cell"])
async def test_each_way_of_reading_a_figure_is_said(database: Database, view: str) -> None:
    """By what was said of a stock alone, five cases were active in a year in which twenty-one were."""
    reader = await database.connect("officer")
    said = await reader.fetchval(
        "SELECT col_description(attrelid, attnum) FROM pg_attribute "
        f"WHERE attrelid = 'reporting.{view}'::regclass AND attname = 'amount'"
    )
    assert "on_from and on_to both within the period" in said
    assert "on_from <= its last day <= on_to" in said
    assert "on_from <= its last day and on_to >= its first" in said
