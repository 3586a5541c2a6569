"""Queries for figures over the views that the database role `officer` may select from.

Amounts, completeness and withheld entities are read in one snapshot. The SQL gives results equal to those of
`domain.read.amounts_from_cells`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import asyncpg
import orjson

from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import GROUP, MARKS, UNKNOWN, CellKey, Dims
from services.reporting.domain.declaration.batch_and_item_totals import sum_without_overlaps
from services.reporting.domain.declaration.durations import MEDIAN, quantile
from services.reporting.domain.declaration.figure import Figure, Nature, Reader
from services.reporting.domain.figures.all_figures import chosen
from services.reporting.domain.read.amounts_from_cells import leading, read
from services.reporting.domain.read.reading import Reading
from services.reporting.read.sql_statements import EDITION_CELLS, EDITION_STATUS, READ, READ_EDITION, STATUS
from services.runtime.postgres import Connection, allow_full_scans, translate_driver_errors


class NoEdition(LookupError):
    """Raised if the edition asked for has not been made yet."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Key of an edition: figures that count events up to the number `known_at`, by the code with this hash."""

    hash: str
    known_at: int


class Question(NamedTuple):
    """Question for figures of a period in a breakdown. Without `numbers`: all figures that have the breakdown."""

    period: Period
    by: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureReport:
    """Readings of one period. They count every event up to `complete_to`, except those of `withheld` entities.

    `withheld` is the number of these entities. For an edition `complete_to` is its `known_at`. `version` is None while
    no version has counted every partition; then `complete_to` and all amounts are 0. `today` is the day of the
    question, if the caller gave it.
    """

    figures: tuple[Reading, ...]
    complete_to: int
    withheld: int
    version: str | None
    today: date | None = None

    def not_yet(self, period: Period) -> bool:
        """Whether a period begins after `today`; False without `today`."""
        return self.today is not None and period.first > self.today


async def figures(
    connection: Connection,
    period: Period,
    by: Sequence[str] = (),
    numbers: Iterable[str] = (),
    *,
    edition: Edition | None = None,
    today: date | None = None,
) -> FigureReport:
    """Read figures in one snapshot.

    `edition`: the edition to read; None for the present figures. Without `numbers`: all that have the breakdown `by`.

    `today`: the day of the question; a period that begins later has no amounts yet. Raises `UnknownFigure`,
    `UndeclaredBreakdown`, `NoEdition`, and `Retryable` if the database does not answer.
    """
    [report] = await reports(connection, [Question(period, tuple(by), tuple(numbers))], edition=edition, today=today)
    return report


async def reports(
    connection: Connection,
    questions: Sequence[Question],
    *,
    edition: Edition | None = None,
    today: date | None = None,
) -> list[FigureReport]:
    """Answer several questions with one statement in one snapshot: a report for each question, in their order.

    `today`: the day of the question; a period that begins later has no amounts yet. Raises `UnknownFigure`,
    `UndeclaredBreakdown`, `NoEdition`, and `Retryable` if the database does not answer.
    """
    asked = [(place, each, figure) for place, each in enumerate(questions) for figure in chosen(each.numbers, each.by)]
    names = [figure.keys(each.by) for _, each, figure in asked]
    read_from = [figure.kept_for(each.by) for _, each, figure in asked]
    kept = () if edition is None else (edition.hash, edition.known_at)
    cohorts = list(dict.fromkeys(figure.number for _, _, figure in asked if figure.reader is Reader.COHORT))
    with translate_driver_errors():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            status = await connection.fetchrow(EDITION_STATUS if kept else STATUS, *kept)
            if kept and status is None:
                raise NoEdition
            await allow_full_scans(connection)
            found = await connection.fetch(
                READ_EDITION if kept else READ,
                [str(place) for place, _, _ in asked],
                [each.period.first.isoformat() for _, each, _ in asked],
                [each.period.last.isoformat() for _, each, _ in asked],
                [figure.number for _, _, figure in asked],
                [",".join(each) for each in names],
                [figure.over for _, _, figure in asked],
                [figure.reader.value for _, _, figure in asked],
                [",".join(each) for each in read_from],
                [",".join(of - needed) for of, needed in zip(read_from, names, strict=True)],
                _marked(figure.number for _, _, figure in asked if figure.reader is not Reader.COHORT),
                _marked(figure.number for (_, _, figure), of in zip(asked, names, strict=True) if of),
                cohorts,
                [number + GROUP for number in cohorts],
                min((each.period.first for each in questions), default=date.min).isoformat(),
                max((each.period.last for each in questions), default=date.min).isoformat(),
                *kept,
            )
    rows: dict[tuple[int, str], list[asyncpg.Record]] = defaultdict(list)
    for row in found:
        rows[row["place"], row["number"]].append(row)
    readings: list[list[Reading]] = [[] for _ in questions]
    for place, each, figure in asked:
        of_figure = _readings(figure, each.period, each.by, rows[place, figure.number])
        readings[place] += of_figure if today is None else [replace(reading, today=today) for reading in of_figure]
    if status is None:
        return [FigureReport(tuple(of), 0, 0, None, today) for of in readings]
    state = status["complete_to"], status["withheld"], status["version"]
    return [FigureReport(tuple(of), *state, today) for of in readings]


async def leading_of(
    connection: Connection, figure: Figure[Any], period: Period, by: Sequence[str], editions: Iterable[Edition]
) -> frozenset[Dims]:
    """Return the combinations of dimensions that lead (`leading`) in at least one edition.

    A combination has a value of each dimension of `by`, and one of `figure.over`. For each combination of
    values of `by`, the amounts of all values of `figure.over` are compared. For the reader LATEST these values are.
    """
    found: frozenset[Dims] = frozenset()
    for each in editions:
        cells = await cells_of(connection, figure.number, each)
        cells |= await cells_of(connection, figure.number + UNKNOWN, each)
        found |= leading(figure, cells, period, by)
    return found


async def cells_of(connection: Connection, number: str, edition: Edition) -> dict[CellKey, int]:
    """Return an edition's cells of a figure. `number`: the figure's number, with a suffix of `MARKS` for such cells."""
    rows = await connection.fetch(EDITION_CELLS, edition.hash, edition.known_at, number)
    return {
        CellKey(
            number,
            row["on_from"],
            row["on_to"],
            row["again"],
            tuple(sorted(orjson.loads(row["dims"]).items())),
        ): int(row["amount"])
        for row in rows
    }


def _marked(numbers: Iterable[str]) -> list[str]:
    return [number + mark for number in dict.fromkeys(numbers) for mark in ("", *MARKS)]


def _readings(figure: Figure[Any], period: Period, by: Sequence[str], rows: Sequence[asyncpg.Record]) -> list[Reading]:
    """Return a figure's readings from its rows, sorted by dimensions. Without a breakdown there is exactly one."""
    if figure.nature is Nature.REGISTRY:
        return read(figure, {}, period, by)
    readings = [_reading(figure, period, row) for row in rows]
    if not by:
        return readings or [Reading(figure, period, {}, 0)]
    return sorted((each for each in readings if not each.empty), key=_by_dimensions)


def _reading(figure: Figure[Any], period: Period, row: asyncpg.Record) -> Reading:
    by_value = orjson.loads(row["by_value"] or b"{}")
    totals = figure.reader is Reader.TOTALS
    durations = {} if totals else {int(length): often for length, often in by_value.items()}
    amount = sum_without_overlaps(by_value) if totals else row["amount"]
    return Reading(
        figure=figure,
        period=period,
        dimensions=orjson.loads(row["shown"]),
        amount=quantile(durations, MEDIAN) or 0 if durations else amount,
        undated=row["undated"],
        cut=row["cut"],
        unknown=row["unknown"],
        twice=sum_without_overlaps(orjson.loads(row["twice_by_value"] or b"{}")) if totals else row["twice"],
        under_way=row["under_way"],
        oldest=row["oldest"],
        durations=dict(sorted(durations.items())),
    )


def _by_dimensions(reading: Reading) -> list[tuple[str, str]]:
    return sorted(reading.dimensions.items())
