"""Conversion of a sheet's row to the event that it states, and of an event to the cells of such a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import orjson
from pydantic import ValidationError

from schemas.envelope import Event
from schemas.errors import Reason
from schemas.pydantic_errors import data_class_of, diagnosis
from schemas.times import Precision
from schemas.type_table import FACTS
from services.sheet import date_cells
from services.sheet.cell_errors import DOUBT, RefusedCell, SheetRule, WrongCell
from services.sheet.cell_kinds import OwnNumber
from services.sheet.column import (
    AFTER,
    BEFORE,
    COPUBLISHERS,
    CORRECTION_REASON,
    OCCURRED,
    OCCURRED_TO,
    OWN_NUMBER,
    RECORDED,
    RETRACTION_REASON,
    REVISION,
    Column,
    columns_of,
)
from services.sheet.own_number_ids import OwnNumbers, event_id

SYSTEM: Final = "sheet"
"""System in the `source` of events that are published from sheets."""

CORRECTED: Final = "bz.atips.event.corrected.v1"
RETRACTED: Final = "bz.atips.event.retracted.v1"

_ENVELOPE: Final = {column.field: column.name for column in (*BEFORE, *AFTER)}
_APART: Final = frozenset(
    {REVISION.name, OCCURRED.name, OCCURRED_TO.name, CORRECTION_REASON.name, RETRACTION_REASON.name}
)
_DATA: Final = "data"
_ABOVE_ROWS: Final = 1 << 80
"""A bit of the time of a UUIDv7: the ids of rows have the time 0."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: its number as the spreadsheet shows it, and its non-empty cells by heading.

    `doubtful`: columns whose cells may hold something that was not meant, or not what a person sees. `astray`: some
    cells have no heading.
    """

    number: int
    cells: Mapping[str, str] = field(repr=False)
    doubtful: frozenset[str] = frozenset()
    astray: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """The values of a row. It is no event yet, as earlier rows decide whether it is a fact or a correction.

    `retracts`: reason why the record of this own number is taken back; None for a row that states a record.
    """

    type: str
    own_number: str
    revision: int | None
    reason: str | None
    retracts: str | None
    subject: str
    envelope: Mapping[str, Any] = field(repr=False)
    data: Mapping[str, Any] = field(repr=False)

    def fact(self, agency: str) -> dict[str, Any]:
        """Return the row as the event (a dict) of a new fact: the first revision under its number."""
        return self._event(agency, 1, {"type": self.type, "subject": self.subject}, self.data)

    def correction(self, agency: str, revision: int, *, subject: str, supersedes: str, reason: str) -> dict[str, Any]:
        """Return the row as an `event.corrected` event (a dict) that replaces an earlier revision.

        `revision`: number of the new revision. `supersedes`: reference of the earlier one.
        """
        says = {"reason": reason, "type": self.type, "data": self.data}
        named = {"type": CORRECTED, "subject": subject, "supersedes": supersedes}
        return self._event(agency, revision, named, says)

    def retraction(self, agency: str, subject: str) -> dict[str, Any]:
        """Return the row as an `event.retracted` event (a dict) that takes the record's first revision back.

        A retraction of a later revision would only put the one before it in force again. The event's id lies above
        those of all revisions: of changes that were recorded at one time, the one with the highest id wins.
        """
        made = UUID(event_id(agency, f"{RETRACTED}/{self.type}", self.own_number, self.revision or 1))
        return {
            **self._event(agency, 1, {"type": RETRACTED, "subject": subject}, {"reason": self.retracts}),
            "id": str(UUID(int=made.int | _ABOVE_ROWS)),
            "supersedes": self.ref(agency, 1),
        }

    def ref(self, agency: str, revision: int) -> str:
        """Return the reference (source/id) of a revision's event, for use in other events."""
        return f"{agency}/{SYSTEM}/{event_id(agency, self.type, self.own_number, revision)}"

    def _event(self, agency: str, revision: int, named: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": event_id(agency, self.type, self.own_number, revision),
            "source": f"{agency}/{SYSTEM}",
            **named,
            **self.envelope,
            "data": dict(data),
        }


def read(row: SheetRow, event_type: str, own: OwnNumbers) -> ReadRow | tuple[RefusedCell, ...]:
    """Return the values of a row; or, if any cell is wrong, a tuple of all its errors.

    `own`: makes ids from the agency's own numbers.
    """
    columns = columns_of(event_type)
    values: dict[str, Any] = {}
    wrong = [RefusedCell(None, SheetRule.NO_HEADING)] if row.astray else []
    for name, text in row.cells.items():
        if name in row.doubtful:
            wrong.append(RefusedCell(name, SheetRule.UNREADABLE if text == DOUBT else SheetRule.AMBIGUOUS))
            continue
        try:
            values[name] = (
                date_cells.read(text) if name in {OCCURRED.name, OCCURRED_TO.name} else columns[name].read(text, own)
            )
        except WrongCell as error:
            wrong.append(RefusedCell(name, error.why))
    wrong += _against_each_other(row.cells, values, columns)
    if wrong:
        return tuple(wrong)
    data = {columns[name].field: value for name, value in values.items() if not columns[name].around}
    try:
        subject = _subject(event_type, data)
    except ValidationError as error:
        bad = diagnosis(
            error, frozenset(data) | data_class_of(FACTS[event_type].model).model_fields.keys(), tagged=False
        )
    else:
        return ReadRow(
            type=event_type,
            own_number=values[OWN_NUMBER.name],
            revision=values.get(REVISION.name),
            reason=values.get(CORRECTION_REASON.name),
            retracts=values.get(RETRACTION_REASON.name),
            subject=subject,
            envelope=_envelope(values, columns),
            data=data,
        )
    cells = (RefusedCell(column_at(f"/{_DATA}{place}", row.cells, event_type), why) for why, place in bad.mistakes)
    return tuple(dict.fromkeys(cells))


def _against_each_other(
    cells: Mapping[str, str], values: Mapping[str, Any], columns: Mapping[str, Column]
) -> Iterator[RefusedCell]:
    filled: dict[tuple[bool, str], str] = {}
    for name in cells:
        place = columns[name].around, columns[name].field
        if place in filled:
            yield RefusedCell(name, SheetRule.GIVEN_TWICE)
        filled.setdefault(place, name)
    missing: dict[tuple[bool, str], str] = {}
    for name, column in columns.items():
        place = column.around, column.field
        if column.required and place not in filled:
            missing.setdefault(place, name)
    yield from (RefusedCell(name, Reason.MISSING_FIELD) for name in missing.values())
    if values.get(REVISION.name) == 0:
        yield RefusedCell(REVISION.name, Reason.OUT_OF_RANGE)
    yield from _span(cells, values)


def _span(cells: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[RefusedCell]:
    if OCCURRED_TO.name in cells and OCCURRED.name not in cells:
        yield RefusedCell(OCCURRED.name, Reason.MISSING_FIELD)
    begin, end = values.get(OCCURRED.name), values.get(OCCURRED_TO.name)
    if begin is None or end is None:
        return
    if begin[1] is not end[1]:
        yield RefusedCell(OCCURRED_TO.name, SheetRule.UNLIKE_PRECISION)
    elif end[0] < begin[0]:
        yield RefusedCell(OCCURRED_TO.name, Reason.TIME_SPAN_REVERSED)


def _envelope(values: Mapping[str, Any], columns: Mapping[str, Column]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in (OCCURRED.name, OCCURRED_TO.name):
        if name in values:
            at, precision = values[name]
            found[columns[name].field] = date_cells.stamp(at)
            found["occurredprecision"] = precision.value
    if OCCURRED.name not in values:
        found["occurredprecision"] = Precision.UNKNOWN.value
    for column in (*BEFORE, *AFTER):
        if column.name in values and column.name not in _APART:
            value = values[column.name]
            found[column.field] = ",".join(value) if column is COPUBLISHERS else value
    return found


def _subject(event_type: str, data: Mapping[str, Any]) -> str:
    """Return the id of the primary entity of an event's data. Raises `ValidationError` if the data break its model."""
    model = FACTS[event_type].model
    said = data_class_of(model).model_validate_json(orjson.dumps(data))
    stated: dict[str, Any] = {"type": event_type, "data": said}
    return model.model_construct(None, **stated).concerns()[0]


def column_at(pointer: str, cells: Mapping[str, str], event_type: str) -> str | None:
    """Return the heading of the column that fills the place of an event at a JSON pointer; None if no column does.

    `cells`: cells of the row; of two columns for one field, the filled one is returned.
    """
    steps = pointer.split("/")[1:]
    said = steps[:1] == [_DATA]
    while steps[:1] == [_DATA]:
        del steps[0]
    if not steps:
        return None
    if not said:
        return _ENVELOPE.get(steps[0])
    fitting = [name for name, each in columns_of(event_type).items() if not each.around and each.field == steps[0]]
    return next((name for name in fitting if name in cells), next(iter(fitting), None))


def cells_of(event: Event) -> dict[str, str]:
    """Return the non-empty cells of the row that states this event. Ids are not turned into own numbers."""
    found = {
        OWN_NUMBER.name: event.sourcerecord or "",
        OCCURRED.name: "" if event.time is None else date_cells.written(event.time, event.occurredprecision),
        OCCURRED_TO.name: ""
        if event.occurredto is None
        else date_cells.written(event.occurredto, event.occurredprecision),
        RECORDED.name: RECORDED.written(event.recordedtime),
    }
    for name, column in columns_of(event.type).items():
        if not column.around and not isinstance(column.cell, OwnNumber):
            found[name] = column.written(getattr(event.data, column.field))
        elif column in AFTER and column not in (CORRECTION_REASON, RETRACTION_REASON):
            value = getattr(event, column.field)
            found[name] = column.written(value.split(",") if column is COPUBLISHERS and value else value)
    return {name: text for name, text in found.items() if text}
