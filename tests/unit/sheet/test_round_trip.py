"""An event written into a sheet of either format, and read back, is the same event."""

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.envelope import Event
from schemas.type_table import FACTS
from services.sheet.column import columns_of, sheet_name, short
from services.sheet.file_writing import SheetPage, to_csv, to_xlsx
from services.sheet.own_number_ids import OwnNumbers
from services.sheet.row import ReadRow, cells_of, read
from services.sheet.table import Table, read_table
from tests.unit.schemas.event_strategies import documents

NOT_IN_SHEETS = ("consentref", "correlationid", "causationid", "seq", "keyid", "signature", "traceparent", "dataschema")
OWN_OF_A_ROW = {"id", "source", "subject", "codebook", "datacontenttype", *NOT_IN_SHEETS}


@st.composite
def said_in_sheets(draw: st.DrawFn, event_type: str) -> Event:
    """An event of what a sheet can say: under a register's number, not before clocks had whole minutes."""
    document: dict[str, Any] = draw(documents(event_type)) | dict.fromkeys(NOT_IN_SHEETS)
    document["sourcerecord"] = draw(st.sampled_from(["2024/113", "TIP-2024.7", "b17", "007"]))
    return decode(orjson.dumps(document))


def as_file(name: str, event: Event, separator: str) -> bytes:
    cells = cells_of(event)
    rows = [list(columns_of(event.type)), [cells.get(column, "") for column in columns_of(event.type)]]
    if separator:
        return to_csv(rows, separator)
    return to_xlsx([SheetPage(sheet_name(event.type), rows)])


def read_back(table: Table, agency: str) -> Event:
    (row,) = table.rows()
    said = read(row, table.type, OwnNumbers(agency, bytes(32)))
    assert isinstance(said, ReadRow), said
    return decode(orjson.dumps(said.fact(agency)))


def content(event: Event) -> dict[str, Any]:
    found = event.model_dump(exclude=OWN_OF_A_ROW)
    if event.copublishers is not None:
        found["copublishers"] = set(event.copublishers.split(","))
    return found


@pytest.mark.parametrize("event_type", sorted(FACTS), ids=short)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_row_says_what_the_event_said(event_type: str, data: st.DataObject) -> None:
    event = data.draw(said_in_sheets(event_type))

    name, separator = data.draw(st.sampled_from([("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.xlsx", "")]))
    table = read_table(name, as_file(name, event, separator), event_type)
    assert content(read_back(table, event.agency)) == content(event)
