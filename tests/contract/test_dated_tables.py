"""Rows of the tables with days, as they were first published: a row may end, and none is edited or taken away."""

import json
from typing import Final

from schemas.agencies import PARTNERSHIPS, SEATS
from schemas.codebook.justice import CHANGED_LAWS, LAWS
from services.reporting.domain.figures.committees_partners_and_population import CENSUSES
from tests.contract.record import FOLDER

RECORD: Final = FOLDER / "dated_tables.json"

Rows = dict[str, list[str]]


def rows() -> Rows:
    """Give each row of each table as a text, without its last day, which may come later."""
    laws = [*LAWS.items(), *CHANGED_LAWS]
    return {
        "censuses": [f"{each.day} {each.population}" for each in CENSUSES],
        "laws": [f"{code} {law.valid_from} {law.statute} {law.iccs} {law.counts_as_tip}" for code, law in laws],
        "partners": [f"{each.code} {each.valid_from}" for each in PARTNERSHIPS],
        "seats": [f"{name} {each.code} {each.valid_from}" for name, terms in SEATS.items() for each in terms],
    }


def lost(recorded: Rows, now: Rows) -> list[str]:
    """Name the rows of a record that a table has no more."""
    return [row for name, texts in recorded.items() for row in texts if row not in now[name]]


def test_the_dated_tables_golden_file_is_every_row_as_it_was_first_published(updates_golden: bool) -> None:
    """To change a row, give it its last day and add another. The figures of past years stay as they are then."""
    recorded: Rows = json.loads(RECORD.read_bytes())
    assert lost(recorded, rows()) == []
    if updates_golden:
        RECORD.write_text(json.dumps(rows(), indent=1) + "\n", encoding="utf-8")
    assert json.loads(RECORD.read_bytes()) == rows(), "a new row: pytest tests/contract --update-golden"


def test_an_edited_row_is_found() -> None:
    now = rows()
    assert lost({"partners": ["iom 2024-01-01", "oas 2024-01-01"]}, now) == ["oas 2024-01-01"]
    assert lost({"censuses": ["2022-05-12 397484"]}, now) == ["2022-05-12 397484"]
