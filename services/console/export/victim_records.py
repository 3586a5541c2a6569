"""Records of single victims for `atips export standard`, which the Council's policy must allow."""

import asyncio
from typing import Final

from infra.local.data_folder import Folder
from schemas.ids import Kind, from_bits
from schemas.times import BELIZE, Period
from schemas.yaml_table import WrongTable
from services.console import local_cluster
from services.console.as_of_and_known_at import open_ledger_pool
from services.console.figure_arguments import leave_without_figures
from services.console.output import fail
from services.console.visible_events import BY_OFFICE, note_looks
from services.export.standards.records.policy import RecordPolicy, RecordStandard, policy
from services.export.standards.records.rows import ctdc, htcds, ictip
from services.export.standards.records.victim_answers import VictimAnswers, answers_of
from services.export.table import ExportTable
from services.reporting.domain.ledger.entity import empty_entity, with_rows
from services.reporting.ledger_by_entity import group_by_entity, rows_of_topic
from services.runtime.postgres import borrow_connection

_PERSONS: Final = 0
"""Number of the persons' topic in the ledger table."""


def records(folder: Folder, standard: RecordStandard, year: int) -> ExportTable:
    """Return the table of the victims identified in a year, in a standard's form, and log a look at each victim.

    Exits with 1 if the looks cannot be logged, or if the Council's policy is malformed, overdue for review, or does not
    allow the standard.
    """
    allowed = _policy()
    today = local_cluster.now(folder.root).astimezone(BELIZE).date()
    if not allowed.allows(standard, today):
        fail(
            f"Records of victims do not leave as {standard.value}: the policy does not allow it, or its review by "
            f"{allowed.review_by} is overdue. {allowed.owner} decides, in services/export/records.yaml."
        )
    with leave_without_figures():
        found = asyncio.run(_victims(folder, Period.parse(str(year))))
        note_looks(folder, BY_OFFICE, [(None, found)])
    victims = list(found.values())
    match standard:
        case RecordStandard.CTDC:
            return ctdc(victims, allowed.fewest_alike)
        case RecordStandard.HTCDS:
            return htcds(victims)
        case _:
            return ictip(victims)


def _policy() -> RecordPolicy:
    try:
        return policy()
    except WrongTable as error:
        fail(f"The file records.yaml is wrong: {error}. No records were exported. Correct it, then run this again.")


async def _victims(folder: Folder, year: Period) -> dict[str, VictimAnswers]:
    """Return the exported answers about each victim identified in the year, by the person's id."""
    found = {}
    async with (
        open_ledger_pool(folder.root) as pool,
        borrow_connection(pool) as connection,
        connection.transaction(readonly=True),
    ):
        async for rows in group_by_entity(rows_of_topic(connection, _PERSONS)):
            person = from_bits(Kind.PERSON, rows[0].entity)
            entity = with_rows(empty_entity(person), rows)
            answers = answers_of(entity.state, year)
            if answers is not None:
                found[person] = answers
    return found
