"""The public's edition of a release: its questions, the exact amounts behind it, and the rows that it shows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.times import Period
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.disclosure.policy import (
    OTHERS,
    DisclosurePolicy,
    PublicDurations,
    PublicPolicy,
)
from services.reporting.domain.disclosure.release_cells import (
    CellRow,
    HeldRelease,
    ReleaseCell,
    ReleaseStatements,
    ToldAmount,
    Truth,
    span_of,
    table_cells,
)
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import FigureReport, Question
from services.reporting.release.artefact import Artefact, ReleaseRow, RowMark, ShownAmount, ShownForm
from services.reporting.release.council_edition import in_order
from services.reporting.release.public_medians import RowKey, median_key, rounded_median


def years_of(period: Period) -> tuple[int, int]:
    """Return the first and the last year of a period of whole years. Raises `ValueError` for another period."""
    if period != Period.parse(f"{period.first.year}..{period.last.year}"):
        message = "the public's edition is of a whole year: quarters and months would tell of single persons"
        raise ValueError(message)
    return period.first.year, period.last.year


def public_questions(policy: PublicPolicy, year: int) -> list[Question]:
    """Return the questions whose answers make the public's edition of a year."""
    asked: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}

    def ask(period: str, by: tuple[str, ...], numbers: Iterable[str]) -> None:
        asked.setdefault((period, by), {}).update(dict.fromkeys(numbers))

    for exact in policy.exact:
        ask(f"{year}", exact.by, exact.figures)
        ask(f"{year}", (), exact.figures)
    ask(f"{year}", (), policy.totals)
    for table in policy.tables:
        first, last = span_of(table, year)
        for period in (f"{first}..{last}", *(str(each) for each in range(first, last + 1))):
            for by in ((), (table.by,)):
                ask(period, by, [table.figure])
    for durations in policy.durations:
        first = year - durations.years + 1
        for period in (f"{first}..{year}", *(str(each) for each in range(first, year + 1))):
            ask(period, (), durations.figures)
    return [Question(Period.parse(period), by, tuple(numbers)) for (period, by), numbers in asked.items()]


@dataclass(frozen=True, slots=True)
class ReleaseAmounts:
    """Answers behind a public release: exact amounts by cell, and cells with an unknown part.

    `durations`: readings of durations over several years. `durations_by_year`: those of each of the years.
    """

    truth: Truth
    durations: tuple[Reading, ...]
    unknown: frozenset[ReleaseCell]
    durations_by_year: tuple[Reading, ...] = ()


def amounts_behind_release(
    policy: PublicPolicy, questions: Iterable[Question], reports: Iterable[FigureReport]
) -> ReleaseAmounts:
    """Add up the answers by cell. `reports`: the answers to `questions`, in their order.

    A code without its own row in a table of the policy is added to the row `OTHERS`.
    """
    shown = {(table.figure, table.by): table.rows for table in policy.tables}
    truth: dict[ReleaseCell, int] = {}
    durations: list[Reading] = []
    by_year: list[Reading] = []
    unknown: set[ReleaseCell] = set()
    for question, report in zip(questions, reports, strict=True):
        first, last = years_of(question.period)
        for number in question.numbers:
            if question.by and (rows := shown.get((number, question.by[0]))) is not None:
                truth |= {ReleaseCell(number, first, last, ((question.by[0], value),)): 0 for value in (*rows, OTHERS)}
        for reading in report.figures:
            if reading.figure.reader is Reader.QUANTILE:
                (by_year if first == last else durations).append(reading)
                continue
            cell = ReleaseCell(reading.number, first, last, _row(shown, reading))
            truth[cell] = truth.get(cell, 0) + reading.amount
            if reading.value is None:
                unknown.add(cell)
    return ReleaseAmounts(truth, tuple(durations), frozenset(unknown), tuple(by_year))


def _row(shown: Mapping[tuple[str, str], tuple[str, ...]], reading: Reading) -> CellRow:
    found = []
    for name, value in sorted(reading.dimensions.items()):
        rows = shown.get((reading.number, name))
        found.append((name, value if rows is None or value in rows else OTHERS))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class RowFrame:
    """Values that all rows of a release share: its year and event number.

    `standing`: keys of the medians that the release may not show anew.
    """

    year: int
    known_at: int
    standing: Collection[RowKey] = ()


def public_rows(
    policy: DisclosurePolicy,
    told: ReleaseStatements,
    found: ReleaseAmounts,
    of: RowFrame,
    kept: Iterable[ReleaseRow] = (),
) -> tuple[ReleaseRow, ...]:
    """Return the rows of the public's edition.

    `told`: amounts that may be shown. `kept`: unchanged rows of an earlier release. A median of `of.standing` without a
    row in `kept` is withheld. Every figure that the policy names has a row, also if it is withheld, so that readers see
    that it exists.
    """
    rows = {row.key: row for row in kept}
    named = [*policy.public.totals, *(number for group in policy.public.exact for number in group.figures)]
    wholes = (cell for number in named if (cell := ReleaseCell(number, of.year, of.year)) in found.truth)
    cells = dict.fromkeys(
        (*told, *wholes, *(cell for table in policy.public.tables for cell in table_cells(table, of.year)))
    )
    for cell in cells:
        row = _shown(cell, told.get(cell), of.known_at, unknown=cell in found.unknown)
        rows.setdefault(row.key, row)
    for group in policy.public.durations:
        for reading in found.durations:
            if reading.number in group.figures:
                few = reading.ended < policy.smallest or median_key(reading) in of.standing
                row = _duration(group, reading, of.known_at, few=few)
                rows.setdefault(row.key, row)
    return in_order(rows.values())


def _shown(cell: ReleaseCell, told: ToldAmount | None, known_at: int, *, unknown: bool) -> ReleaseRow:
    marks = [] if cell.single else [RowMark.POOLED]
    if unknown and cell.single:
        shown = ShownAmount(form=ShownForm.UNKNOWN)
        marks.append(RowMark.NOT_AVAILABLE)
    elif told is None:
        shown = ShownAmount(form=ShownForm.WITHHELD)
        marks.append(RowMark.CONFIDENTIAL)
    elif told.exact:
        shown = ShownAmount(form=ShownForm.EXACT, value=told.low)
    else:
        shown = ShownAmount(form=ShownForm.BAND, low=told.low, high=told.high)
        marks.append(RowMark.CONFIDENTIAL)
    key = (cell.figure, _period(cell), cell.row)
    return _row_of(key, shown, tuple(marks), known_at)


def _duration(group: PublicDurations, reading: Reading, known_at: int, *, few: bool) -> ReleaseRow:
    rounded = rounded_median(reading.amount, group.rounded_to)
    shown = ShownAmount(form=ShownForm.WITHHELD) if few else ShownAmount(form=ShownForm.EXACT, value=rounded)
    marks = (RowMark.POOLED, RowMark.CONFIDENTIAL if few else RowMark.ROUNDED)
    return _row_of(median_key(reading), shown, marks, known_at)


def _row_of(key: RowKey, shown: ShownAmount, marks: tuple[RowMark, ...], known_at: int) -> ReleaseRow:
    number, period, row = key
    figure = FIGURES[number]
    return ReleaseRow(
        **shown.model_dump(),
        figure=number,
        period=period,
        dimensions=dict(row),
        unit=figure.unit.value,
        version=figure.version,
        known_at=known_at,
        marks=marks,
    )


def _period(cell: ReleaseCell) -> str:
    return str(cell.last) if cell.single else f"{cell.first}..{cell.last}"


def cell_of(row: ReleaseRow) -> ReleaseCell:
    """Return the cell whose amount a row shows. Raises `ValueError` for a period that is not of whole years."""
    first, last = years_of(Period.parse(row.period))
    return ReleaseCell(row.figure, first, last, tuple(sorted(row.dimensions.items())))


def statements_of_release(artefact: Artefact) -> ReleaseStatements:
    """Return the amounts, exact or as a band, that an artefact shows anew.

    Rows marked `EARLIER` or `ROUNDED` are left out.
    """
    told: dict[ReleaseCell, ToldAmount] = {}
    for row in artefact.rows:
        if not {RowMark.EARLIER, RowMark.ROUNDED}.isdisjoint(row.marks):
            continue
        if row.form is ShownForm.EXACT and row.value is not None:
            told[cell_of(row)] = ToldAmount(row.value, row.value)
        elif row.form is ShownForm.BAND and row.low is not None:
            told[cell_of(row)] = ToldAmount(row.low, row.high)
    return told


def held_release(artefact: Artefact, protected: Mapping[str, Any]) -> HeldRelease:
    """Return an artefact as a `HeldRelease`: the amounts that it shows, and the exact ones behind them.

    `protected`: value of the registry's column `protected`.
    """
    return HeldRelease(
        years_of(Period.parse(artefact.head.period))[1],
        statements_of_release(artefact),
        read_truth(protected),
        {row.figure: row.version for row in artefact.rows if RowMark.EARLIER not in row.marks},
    )


def present_definitions(truth: Truth) -> dict[str, int]:
    """Return the present version of the definition of each figure in `truth`, by the figure's number."""
    return {cell.figure: FIGURES[cell.figure].version for cell in truth}


def written_truth(truth: Truth) -> dict[str, Any]:
    """Encode exact amounts for the registry's column `protected`."""
    return {"cells": [[cell.figure, cell.first, cell.last, dict(cell.row), amount] for cell, amount in truth.items()]}


def read_truth(protected: Mapping[str, Any]) -> Truth:
    """Return the exact amounts by cell that `written_truth` encoded for the registry's column `protected`."""
    return {
        ReleaseCell(figure, first, last, tuple(sorted(row.items()))): amount
        for figure, first, last, row, amount in protected.get("cells", ())
    }
