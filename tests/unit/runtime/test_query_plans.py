"""Queries of each batch use an index from the first row on, in tables that are empty and never analysed.

A driver keeps the plan that it got there while the table grows; one that reads all of it grows with it.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from services.case_tracker import store as case_tracker
from services.intake.store import acceptance_line, routing_index
from services.reporting import store as reporting
from services.runtime import postgres
from services.runtime.deciding import event_copy_table as copies
from services.runtime.postgres import Connection, allow_full_scans
from services.runtime.settings import Settings
from tests.support.database import Server


class Asked(NamedTuple):
    """A statement, the table that grows, and the columns by which it is asked."""

    schema: str
    statement: str
    table: str
    columns: frozenset[str]


_CELL: Final = frozenset({"version", "topic", "part", "figure", "on_from", "on_to", "again", "dims"})
_EVENT: Final = frozenset({"source", "id"})
_OFTEN: Final = 10

ASKED: Final = {
    "cells are counted": Asked("reporting", reporting._COUNT, "cell", _CELL),
    "an entity's rows": Asked("reporting", reporting._ROWS, "ledger", frozenset({"ent", "topic"})),
    "what is accepted": Asked("intake", acceptance_line._KNOWN, "inbox", _EVENT),
    "what was merged": Asked("intake", acceptance_line._KNOWN, "merged", frozenset({"entity"})),
    "what was linked": Asked("intake", acceptance_line._KNOWN, "linked", _EVENT),
    "a group's members": Asked("intake", routing_index._GROUPS, "merged", frozenset({"leader"})),
    "who names an entity": Asked("intake", routing_index._MENTIONS, "inbox", frozenset({"entities"})),
    "what made a group": Asked("intake", routing_index._MERGES, "same", frozenset({"entity"})),
    "what is named": Asked("intake", routing_index._NAMED, "inbox", _EVENT),
    "copies sent": Asked("intake", routing_index._SENT, "copy", frozenset({"n"})),
    "a person's facts": Asked("referral", copies.ROWS.format(entity="person"), "fact", frozenset({"person"})),
    "a case's facts": Asked("case_tracker", copies.ROWS.format(entity="case_id"), "fact", frozenset({"case_id"})),
    "who is kept from a case": Asked("case_tracker", case_tracker._NOT_KEPT, "kept_from", frozenset({"case_id"})),
    "who sees a case": Asked("case_tracker", case_tracker._SEEN_FACTS, "seen_fact", frozenset({"case_id"})),
    "what is stored of a case": Asked(
        "case_tracker", case_tracker._STORED_FACTS, "stored_fact", frozenset({"case_id"})
    ),
}


def looks(plan: dict[str, Any], table: str = "") -> Iterator[tuple[str, frozenset[str] | None]]:
    """Each table that a plan reads, with the columns by which, or None where it reads all of it."""
    table = plan.get("Relation Name", table)
    if "Index Cond" in plan:
        given = re.sub(r"\$\d+|'[^']*'|\w+\.", "", plan["Index Cond"])
        yield table, frozenset(re.findall(r"\(\(*(\w+) (?:=|@>)", given))
    elif "Relation Name" in plan and plan["Node Type"] not in {"Bitmap Heap Scan", "ModifyTable"}:
        yield table, None
    for below in plan.get("Plans", ()):
        yield from looks(below, table)


async def planned(connection: Connection, statement: str) -> dict[str, Any]:
    """The plan that a driver would keep, whatever the statement is asked with."""
    await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    await connection.execute(f"PREPARE asked AS {statement}")
    given = ", ".join(["NULL"] * max(map(int, re.findall(r"\$(\d+)", statement))))
    (found,) = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE asked ({given})"))
    await connection.execute("DEALLOCATE asked")
    plan: dict[str, Any] = found["Plan"]
    return plan


def by_key(plan: dict[str, Any], asked: Asked) -> bool:
    """Whether the table is read by these columns and in no other way."""
    found = [columns for table, columns in looks(plan) if table == asked.table]
    return asked.columns in found and None not in found


@asynccontextmanager
async def borrowed(asked: Asked, server: Server, folder: Path) -> AsyncIterator[Connection]:
    """A service's own connection to an empty database, in a transaction."""
    async with server.copy() as name:
        file = folder / "dsn"
        file.write_text(server.dsn(asked.schema, name), encoding="utf-8")
        async with (
            await postgres.pool(Settings.model_construct(postgres_dsn_file=file), asked.schema) as pool,
            postgres.borrow_connection(pool) as connection,
            connection.transaction(),
        ):
            yield connection


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
async def test_what_is_asked_with_each_batch_goes_by_an_index(asked: Asked, server: Server, tmp_path: Path) -> None:
    async with borrowed(asked, server, tmp_path) as connection:
        assert by_key(await planned(connection, asked.statement), asked)


@pytest.mark.parametrize("name", ["cells are counted", "an entity's rows", "what is accepted", "what was merged"])
async def test_left_to_itself_the_database_reads_all(name: str, server: Server, tmp_path: Path) -> None:
    """The guard fails on what it is there for."""
    async with borrowed(ASKED[name], server, tmp_path) as connection:
        await allow_full_scans(connection)
        assert not by_key(await planned(connection, ASKED[name].statement), ASKED[name])


async def test_a_session_keeps_one_plan_unless_it_reads_all(server: Server, tmp_path: Path) -> None:
    """Asked often, it is neither planned anew for what it is asked with nor compiled; who reads all has it planned."""
    asked = ASKED["an entity's rows"]
    async with borrowed(asked, server, tmp_path) as connection:
        assert await connection.fetchval("SHOW jit") == "off"
        assert await plans_made(connection, asked.statement) == (_OFTEN, 0)
        await allow_full_scans(connection)
        assert (await plans_made(connection, asked.statement + "-- all"))[1] > 0


async def plans_made(connection: Connection, statement: str) -> tuple[int, int]:
    """How often the kept plan served, and how often another was made, of so many times."""
    prepared = await connection.prepare(statement)
    for _ in range(_OFTEN):
        await prepared.fetch(*([[]] * len(prepared.get_parameters())))
    found = await connection.fetchrow(
        "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name = $1", prepared.get_name()
    )
    assert found is not None
    return found["generic_plans"], found["custom_plans"]
