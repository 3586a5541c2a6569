"""Expected reports by agency, type and rhythm: a table that the Council writes. A wrong line refuses the whole table.

Silence is judged against it. A row holds from its `valid_from` until a later one of the same agency and type.
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
    """A row: types by their short names, as `arrest.made`."""

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
    """One report that is expected: of an agency and type (its full name), about a span, by a day."""

    agency: str
    type: str
    span: Period
    by: date


def full(name: str) -> str:
    """A type's full name."""
    return f"bz.atips.{name}.v1"


def parsed(text: str) -> tuple[ExpectationRow, ...]:
    """Read the table. Raises `schemas.yaml_table.WrongTable` with the line."""
    return read(text, _File, _said_again).expected


def _said_again(table: _File) -> Iterator[TableFault]:
    """Find rows of one agency and type from one day on: none says which of them holds."""
    seen: set[tuple[str, str, date]] = set()
    for position, row in enumerate(table.expected):
        for name in row.types:
            if (row.agency, name, row.valid_from) in seen:
                why = f"{row.agency} and {name} have a row from that day already"
                yield TableFault(("expected", position), why)
            seen.add((row.agency, name, row.valid_from))


def due(rows: Sequence[ExpectationRow], period: Period) -> list[DueReport]:
    """Every report whose month, quarter or year ends in a period, by agency and type and then in the order of time."""
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
    """Each row with the first day on which it no longer holds."""
    yield from ((row, following.valid_from) for row, following in pairwise(held))
    yield held[-1], NEVER_ENDS


def _spans(every: Rhythm, period: Period) -> Iterator[Period]:
    """The whole months, quarters or years that end within a period."""
    if every is Rhythm.NEVER:
        return
    length = _MONTHS[every]
    for month in months(period):
        if month.last.month % length == 0:
            first = month.first.replace(month=month.first.month - length + 1)
            yield Period(first, month.last)


def months(period: Period) -> list[Period]:
    """The whole months of a period."""
    found = []
    first = period.first if period.first.day == 1 else _next_month(period.first)
    while (last := _next_month(first) - _DAY) <= period.last:
        found.append(Period(first, last))
        first = last + _DAY
    return found


def _next_month(day: date) -> date:
    return (day.replace(day=28) + 4 * _DAY).replace(day=1)
