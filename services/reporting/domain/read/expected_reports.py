"""Table of expected reports by agency, event type and rhythm, written by the Council.

The table decides which reports are missing. A wrong row makes the whole table invalid. A row holds from its
`valid_from` until a later row of its agency and type.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.catalogue import CATALOGUE
from schemas.fields import AgencyCode
from schemas.times import Period
from schemas.yaml_table import TableFault, read
from services.reporting.domain.declaration.figure import NEVER as NEVER_ENDS

_DAY: Final = timedelta(days=1)
_MAX_DUE_DAYS: Final = 366


class Rhythm(StrEnum):
    """The frequency of an expected report. `NEVER` ends an expectation."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    NEVER = "never"


_MONTHS: Final[Mapping[Rhythm, int]] = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.YEAR: 12, Rhythm.NEVER: 1}


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ExpectationRow(_Strict):
    """A row of the table. `types`: event types by their short names, as `arrest.made`.

    `due_days`: days from the end of a month, quarter or year by which its report must be published.
    """

    agency: AgencyCode
    types: Annotated[tuple[str, ...], Field(min_length=1)]
    every: Rhythm
    due_days: Annotated[int, Field(ge=0, le=_MAX_DUE_DAYS)]
    valid_from: date

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        for name in self.types:
            found = CATALOGUE.get(full(name))
            if found is None or self.agency not in found.authors:
                message = f"{self.agency} can publish no {name}"
                raise ValueError(message)
        if self.valid_from.day != 1 or (self.valid_from.month - 1) % _MONTHS[self.every]:
            message = f"valid_from is no first day of a {self.every}"
            raise ValueError(message)
        return self


class _File(_Strict):
    expected: tuple[ExpectationRow, ...]


@dataclass(frozen=True, slots=True)
class DueReport:
    """One report that an agency must publish of an event type (its full name), about `span`, at the latest on `by`."""

    agency: str
    type: str
    span: Period
    by: date


def full(name: str) -> str:
    """Return the full name of an event type, as `bz.atips.arrest.made.v1` for `arrest.made`."""
    return f"bz.atips.{name}.v1"


def parse_expected_reports(text: str) -> tuple[ExpectationRow, ...]:
    """Read the table of expected reports from YAML. Raises `schemas.yaml_table.WrongTable` with the line."""
    return read(text, _File, _said_again).expected


def _said_again(table: _File) -> Iterator[TableFault]:
    """Yield a fault for each row with the agency, type and `valid_from` of a row before it: either could hold."""
    seen: set[tuple[str, str, date]] = set()
    for position, row in enumerate(table.expected):
        for name in row.types:
            if (row.agency, name, row.valid_from) in seen:
                why = f"{row.agency} and {name} have a row from that day already"
                yield TableFault(("expected", position), why)
            seen.add((row.agency, name, row.valid_from))


def due_reports(rows: Sequence[ExpectationRow], period: Period) -> list[DueReport]:
    """Return every report whose month, quarter or year ends in a period, sorted by agency, type and time."""
    by_place: dict[tuple[str, str], list[ExpectationRow]] = {}
    for row in sorted(rows, key=lambda each: each.valid_from):
        for name in row.types:
            by_place.setdefault((row.agency, full(name)), []).append(row)
    return [
        DueReport(agency, name, span, span.last + timedelta(days=row.due_days))
        for (agency, name), held in sorted(by_place.items())
        for row, until in _with_ends(held)
        for span in _spans(row.every, period)
        if row.valid_from <= span.first and span.last < until
    ]


def _with_ends(held: Sequence[ExpectationRow]) -> Iterator[tuple[ExpectationRow, date]]:
    """Yield each row with the first day on which it no longer holds. `held`: rows of one place, by `valid_from`."""
    yield from ((row, following.valid_from) for row, following in pairwise(held))
    yield held[-1], NEVER_ENDS


def _spans(every: Rhythm, period: Period) -> Iterator[Period]:
    """Yield the whole months, quarters or years that end within a period. They may begin before it."""
    if every is Rhythm.NEVER:
        return
    length = _MONTHS[every]
    for month in months(period):
        if month.last.month % length == 0:
            first = month.first.replace(month=month.first.month - length + 1)
            yield Period(first, month.last)


def months(period: Period) -> list[Period]:
    """Return the whole months within a period, in order."""
    found = []
    first = period.first if period.first.day == 1 else _next_month(period.first)
    while (last := _next_month(first) - _DAY) <= period.last:
        found.append(Period(first, last))
        first = last + _DAY
    return found


def _next_month(day: date) -> date:
    return (day.replace(day=28) + 4 * _DAY).replace(day=1)
