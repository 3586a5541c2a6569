"""`atips grid`: which agency published what in which month, said that there was nothing, or is silent."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, TypeAlias

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from infra.local.data_folder import Folder
from schemas.catalogue import CATALOGUE
from schemas.times import Period
from services.console import local_cluster
from services.console.as_of_and_known_at import parse_known_at
from services.console.consistent_figure_reads import snapshot
from services.console.figure_arguments import leave_without_figures, parsed
from services.console.options import DEFAULT, KNOWN_AT_HELP, AsJson, DataDir, ExpectationsFile, LangOption, PeriodText
from services.console.output import emit, fail_wrong_usage, out
from services.presentation.bilingual_text import Language, Words, pluralize
from services.presentation.completeness_grid import plain
from services.reporting.council_input_tables import expectations
from services.reporting.domain.declaration.durations import MEDIAN, NINTH_DECILE
from services.reporting.domain.read.completeness_grid import AgencyMonth, AgencyRow, Lag, MonthState
from services.reporting.domain.read.expected_reports import months
from services.reporting.domain.read.reading import MANY
from services.reporting.jobs.as_of_editions import KnownAt
from services.reporting.read.acceptance_lag import AcceptanceDelay, read_acceptance_delays
from services.reporting.read.completeness_grid import PublishingGrid, PublishingGridQuestion, read_publishing_grid
from services.reporting.read.exact_look_log import exact_look

_MISSING: Final = "✗"
# No sign is "…", which stands where a text was cut to a width.
_SIGNS: Final[Mapping[MonthState, str]] = MappingProxyType(
    {MonthState.ZERO: "0", MonthState.MISSING: _MISSING, MonthState.NOT_DUE: "~", MonthState.NOT_EXPECTED: "·"}
)
_LEGEND: Final = Words(
    "a number: events of the month; 0: the agency said that there was nothing; ✗: expected and missing (also beside a "
    "number, where something else was sent); ~: expected, not due yet; ·: nothing expected; all: also events of no "
    "single month; · there: nothing published, and nobody said that there was nothing",
    "un número: eventos del mes; 0: la institución dijo que no hubo nada; ✗: se esperaba y falta (también junto a un "
    "número, si se envió otra cosa); ~: se espera, aún dentro del plazo; ·: no se esperaba nada; todo: también eventos "
    "de ningún mes en particular; · allí: no se publicó nada y nadie dijo que no hubo nada",
)
_ALL: Final = Words("all", "todo")
_LAG: Final = Words(
    "{agency}: {days} days to record in the median of {facts}{nine}",
    "{agency}: {days} días hasta el registro en la mediana de {facts}{nine}",
)
_NINE: Final = Words("; nine of ten within {most}", "; nueve de diez en {most}")
_ACCEPTED: Final = Words(
    "{agency}: {all} events accepted, {minutes} minutes after their record in the median{nine}; {changed} of them "
    "correct or retract ({share:.1%})",
    "{agency}: {all} eventos aceptados, {minutes} minutos después de su registro en la mediana{nine}; {changed} de "
    "ellos corrigen o retiran ({share:.1%})",
)
_LACKS: Final = Words("missing: {agency}, {span}: {type}, due by {by}", "falta: {agency}, {span}: {type}, hasta {by}")

_FRAME: Final = 3
"""Characters that a column needs beyond its longest cell: a blank on either side and a line."""

_Read: TypeAlias = tuple[PublishingGrid, tuple[AcceptanceDelay, ...], str]
"""The grid, the delays of accepted events by agency, and the ISO date on which lateness is judged."""


def grid(
    *,
    period: PeriodText = "",
    known_at: Annotated[str, typer.Option("--known-at", metavar="N|T", help=KNOWN_AT_HELP)] = "",
    expected: ExpectationsFile = None,
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print what each agency published in each month of a period, and what is missing. Without --period: this year.

    Silence is not zero: an agency that had nothing to report says so with period.closed. The expected reports stand in
    services/reporting/expectations.yaml.

    The lines below the grid say how late each agency is: days from a fact to its record, minutes from the record to its
    acceptance. They also say how many of the accepted events correct or retract earlier ones.
    """
    asked = parsed(period, data_dir)
    if not (whole := months(asked)) or (whole[0].first, whole[-1].last) != (asked.first, asked.last):
        fail_wrong_usage("--period: whole months are needed, as in 2024 or 2024-01..2024-06")
    known = parse_known_at(known_at) if known_at else None
    folder = Folder(local_cluster.running_cluster(data_dir).data_dir)
    with leave_without_figures():
        found, arrived, day = asyncio.run(_read(folder, asked, known, expected))
    if as_json:
        emit({"period": str(asked), "judged_on": day, **plain(found, arrived)})
    else:
        show(out(), asked, found, arrived, lang)


async def _read(folder: Folder, period: Period, known: KnownAt | None, expected: Path | None) -> _Read:
    table = expectations(expected)
    async with snapshot(folder, known, exact_look("atips grid", (), period, (), known)) as seen:
        found = await read_publishing_grid(
            seen.connection, PublishingGridQuestion(period, table, seen.day), edition=seen.edition
        )
        arrived = await read_acceptance_delays(seen.connection, period, found.complete_to)
        return found, arrived, seen.day.isoformat()


def show(
    console: Console, period: Period, found: PublishingGrid, arrived: Iterable[AcceptanceDelay], lang: Language
) -> None:
    """Print the grid with its signs explained, and in words what is missing and how late things were recorded."""
    console.print(str(period), markup=False)
    for table in _tables(found.rows, _in(_ALL, lang), console.width):
        console.print(table, crop=False)
    console.print(_in(_LEGEND, lang), markup=False)
    for lag in found.lags:
        if lag.facts:
            console.print(_of_lag(lag, lang), markup=False)
    for each in arrived:
        console.print(_of_accepted(each, lang), markup=False)
    for line in _missing(found.rows, lang):
        console.print(line, markup=False)
    withheld = f"; {pluralize(found.withheld, 'entity', 'entities')} withheld" if found.withheld else ""
    console.print(f"complete to event {found.complete_to}{withheld}", markup=False)


def _tables(rows: Sequence[AgencyRow], heading: str, width: int) -> Iterator[Table]:
    """Yield tables with as many months as the width holds; the last table has the column of sums."""
    agencies = ("", *(row.agency for row in rows))
    sums = (heading, *(_SIGNS[MonthState.NOT_EXPECTED] if row.is_silent else str(row.events) for row in rows))
    months = [(str(cells[0].month)[2:], *map(sign, cells)) for cells in zip(*(row.months for row in rows), strict=True)]
    around = 1 + _widest(agencies) + _FRAME + _widest(sums) + _FRAME
    beside = max((width - around) // (max(map(_widest, months)) + _FRAME), 1)
    for first in range(0, len(months), beside):
        columns = [agencies, *months[first : first + beside]]
        if first + beside >= len(months):
            columns.append(sums)
        # Its own width and not the console's: a console too narrow for one month must not cut its cells.
        table = Table(*(column[0] for column in columns), width=1 + sum(_widest(column) + _FRAME for column in columns))
        for cells in zip(*(column[1:] for column in columns), strict=True):
            table.add_row(*cells)
        yield table


def _widest(column: Iterable[str]) -> int:
    return max(map(cell_len, column))


def sign(cell: AgencyMonth) -> str:
    """Return the text of a cell: the number of events in the month, or a sign of `_SIGNS` if there are none.

    A ✗ after a number means that another expected report of the month is missing.
    """
    if cell.events:
        return f"{cell.events} {_MISSING}" if cell.standing is MonthState.MISSING else str(cell.events)
    return _SIGNS[cell.standing]


def _missing(rows: Iterable[AgencyRow], lang: Language) -> Iterator[str]:
    for each in (each for row in rows for cell in row.months for each in cell.of(MonthState.MISSING)):
        row = CATALOGUE[each.type]
        name = row.en if lang is Language.EN else row.es
        yield _in(_LACKS, lang).format(agency=each.agency, span=each.span, type=name, by=each.by)


def _of_lag(lag: Lag, lang: Language) -> str:
    nine = _in(_NINE, lang).format(most=lag.within(NINTH_DECILE)) if lag.facts >= MANY else ""
    return _in(_LAG, lang).format(agency=lag.agency, days=lag.within(MEDIAN), facts=lag.facts, nine=nine)


def _of_accepted(each: AcceptanceDelay, lang: Language) -> str:
    changed = each.corrections + each.retractions
    nine = _in(_NINE, lang).format(most=each.ninth_decile) if each.all >= MANY else ""
    return _in(_ACCEPTED, lang).format(
        agency=each.agency, all=each.all, minutes=each.median, nine=nine, changed=changed, share=changed / each.all
    )


def _in(words: Words, lang: Language) -> str:
    return words.en if lang is Language.EN else words.es


def register(app: typer.Typer) -> None:
    """Add the command `grid` to the app."""
    app.command()(grid)
