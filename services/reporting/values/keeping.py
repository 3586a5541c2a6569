"""Work values out and keep them: all from one snapshot of the figures, anew when the figures have changed."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import asyncpg
import structlog

from schemas.times import BELIZE
from services.reporting import queries
from services.reporting.domain.figure import Figure, Nature, Reader, SeenBy
from services.reporting.domain.figures import FIGURES
from services.reporting.domain.rates import RATES, Variant, rate
from services.reporting.domain.reading import Reading
from services.reporting.queries import FigureReport, Question
from services.reporting.titles import TITLES
from services.reporting.values.protection import BAND, Sight, sights
from services.reporting.values.row import ExactValue, NamedPeriod, ValueKey, ended_periods
from services.runtime.clock import Clock
from services.runtime.errors import ServiceError
from services.runtime.postgres import Connection, acquired

_POLL_SECONDS: Final = 1.0
_SHARE: Final = 10
"""After values were worked out, so many times as long passes before they are again: a tenth of one core at most."""

_LONGEST_SECONDS: Final = 30.0
"""Longest time between two of these on a busy machine: somebody looks at a table that others have just filled."""

_YEARS: Final = 10
"""Years back for which values are kept: two strategies of five years. Older ones are in `atips figures`."""

_ALONE: Final = 7_104_155_036
"""The lock of the one worker that keeps values, whatever number of workers there are."""

_FIGURES: Final = tuple(each for each in FIGURES.values() if SeenBy.M_AND_E in each.seen_by)
"""The figures that the M&E committee may see."""

_NUMBERS: Final = frozenset(each.number for each in _FIGURES)
_DIMENSIONS: Final = tuple(sorted({names[0] for each in _FIGURES for names in each.breakdowns if len(names) == 1}))
PUBLIC: Final = frozenset(each.number for each in _FIGURES if each.nature is Nature.REGISTRY)
"""Figures of the public register of agencies: small numbers of them are no persons."""

_RATES: Final = tuple(
    variant for variant, each in RATES.items() if {each.part, each.whole, each.remainder} - {None} <= _NUMBERS
)
_SHARE_UNIT: Final = "share"
_RATE_VERSION: Final = 1

_STATE: Final = "SELECT version || '-' || complete_to || '-' || withheld AS state, complete_to FROM figure_status"
_FIRST: Final = """
SELECT least(min(on_from) FILTER (WHERE isfinite(on_from)), min(on_to) FILTER (WHERE isfinite(on_to))) FROM figure_cell
"""
_EXACT: Final = (
    "figure",
    "period",
    "first_day",
    "last_day",
    "dimension",
    "code",
    "value",
    "undated",
    "cut",
    "unknown",
    "twice",
)
_PROTECTED: Final = (
    "figure",
    "period",
    "first_day",
    "last_day",
    "dimension",
    "code",
    "value",
    "shown",
    "status",
    "marks",
    "marks_en",
    "marks_es",
)
_DEFINITION: Final = (
    "figure",
    "title_en",
    "title_es",
    "counts_en",
    "counts_es",
    "unit",
    "nature",
    "reader",
    "version",
    "valid_from",
)
_MADE: Final = """
INSERT INTO values_made (state, known_at) VALUES ($1, $2)
ON CONFLICT (single) DO UPDATE SET (state, known_at) = (excluded.state, excluded.known_at)
"""

log = structlog.get_logger()


class ValueMark(NamedTuple):
    """A mark beside a value, with its words in English and Spanish."""

    sign: str
    en: str
    es: str


CONFIDENTIAL: Final = ValueMark("[c]", "confidential", "confidencial")
BREAK: Final = ValueMark("[b]", "break in the definition", "ruptura en la definición")
NOT_AVAILABLE: Final = ValueMark("[x]", "not available", "no disponible")


async def keep(pool: asyncpg.Pool, clock: Clock, stop: asyncio.Event) -> None:
    """Look once a second whether the figures have changed, and work the values out anew, until `stop` is set."""
    wait, loop = _POLL_SECONDS, asyncio.get_running_loop()
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait)
            return
        begun = loop.time()
        try:
            made = await renew(pool, clock.now().astimezone(BELIZE).date())
        except ServiceError as error:
            log.warning("values were not worked out", error=type(error).__name__)
            made = True
        rest = min(_SHARE * (loop.time() - begun), _LONGEST_SECONDS)
        wait = max(_POLL_SECONDS, rest) if made else _POLL_SECONDS


async def renew(pool: asyncpg.Pool, today: date) -> bool:
    """Work the values out unless they are those of the figures as they are; say whether it was done."""
    async with acquired(pool) as connection, connection.transaction(isolation="repeatable_read"):
        status = await connection.fetchrow(_STATE)
        if status is None:
            return False
        state = f"{status['state']}-{today:%Y}-{(today.month - 1) // 3}"
        if state == await connection.fetchval("SELECT state FROM values_made"):
            return False
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _ALONE):
            return False
        first = await connection.fetchval(_FIRST)
        begin = max(first or today, date(today.year - _YEARS, 1, 1))
        periods = {each.name: each for each in ended_periods(begin, today)}
        values: dict[ValueKey, ExactValue] = {}
        for each in periods.values():
            values |= dict(_of_period(each, await _reports(connection, each)))
            await asyncio.sleep(0)  # events are counted between two periods
        await _replace(connection, "definition", _DEFINITION, _definitions())
        await _replace(connection, "exact_value", _EXACT, list(_exact(values, periods)))
        await _replace(connection, "protected_value", _PROTECTED, list(_protected(values, periods)))
        await connection.execute(_MADE, state, status["complete_to"])
    return True


async def _reports(connection: Connection, period: NamedPeriod) -> list[FigureReport]:
    """Read the whole of all figures, and each breakdown by one dimension; of a month the whole alone."""
    questions = [Question(period.period, (), ())]
    if not period.monthly:
        questions += [Question(period.period, (name,), ()) for name in _DIMENSIONS]
    return await queries.reports(connection, questions)


def _of_period(period: NamedPeriod, reports: Sequence[FigureReport]) -> Iterator[tuple[ValueKey, ExactValue]]:
    readings = [each for report in reports for each in report.figures if each.number in _NUMBERS]
    for each in readings:
        yield ValueKey(each.number, period.name, *next(iter(each.dimensions.items()), ("", ""))), _of(each)
    wholes = {each.number: each for each in readings if not each.dimensions}
    for variant in _RATES:
        yield ValueKey(variant.value, period.name), _of_rate(variant, wholes)


def _of(reading: Reading) -> ExactValue:
    quantile = reading.figure.reader is Reader.QUANTILE
    return ExactValue(
        value=None if reading.value is None else float(reading.value),
        undated=reading.undated,
        cut=reading.cut,
        unknown=reading.unknown,
        twice=reading.twice,
        counted=reading.ended if quantile else None,
    )


def _of_rate(variant: Variant, wholes: Mapping[str, Reading]) -> ExactValue:
    """Give a rate. It rests on the smallest of its part and of the rest, for these follow from it."""
    declared = RATES[variant]
    numbers = (declared.part, declared.whole, *([declared.remainder] if declared.remainder else []))
    found = rate(variant, *(wholes[each] for each in numbers))
    counts = [found.whole_n, found.part_n]
    if declared.per is None:
        counts.append(found.whole_n - found.part_n)
    return ExactValue(
        value=None if found.value is None else float(found.value),
        unknown=found.uncounted,
        counted=min((each for each in counts if each), default=0),
    )


def _definitions() -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [_definition(each) for each in _FIGURES]
    for variant in _RATES:
        each = RATES[variant]
        names = (each.name_en, each.name_es, each.en, each.es)
        valid_from = max(FIGURES[each.part].valid_from, FIGURES[each.whole].valid_from)
        rows.append((variant.value, *names, _SHARE_UNIT, "rate", "rate", _RATE_VERSION, valid_from))
    return rows


def _definition(figure: Figure[Any]) -> tuple[Any, ...]:
    title = TITLES[figure.number]
    said = (figure.number, title.en, title.es, figure.en, figure.es)
    return *said, figure.unit.value, figure.nature.value, figure.reader.value, figure.version, figure.valid_from


def _exact(values: Mapping[ValueKey, ExactValue], periods: Mapping[str, NamedPeriod]) -> Iterator[tuple[Any, ...]]:
    for key, each in values.items():
        yield *_placed(key, periods), each.value, each.undated, each.cut, each.unknown, each.twice


def _protected(values: Mapping[ValueKey, ExactValue], periods: Mapping[str, NamedPeriod]) -> Iterator[tuple[Any, ...]]:
    quarterly = {key: each for key, each in values.items() if not periods[key.period].monthly}
    for key, sight in sights(quarterly, PUBLIC).items():
        if sight is Sight.OMITTED:
            continue
        value = values[key].value if sight is Sight.SHOWN else None
        marks = list(_marks(key, sight, periods[key.period]))
        told = (" ".join(each.sign for each in marks), ", ".join(each.en for each in marks))
        yield *_placed(key, periods), value, *_shown(sight, value), *told, ", ".join(each.es for each in marks)


def _shown(sight: Sight, value: float | None) -> tuple[str, str]:
    """Give the text and the status of a value."""
    match sight:
        case Sight.MISSING:
            return NOT_AVAILABLE.sign, "not_available"
        case Sight.BAND:
            return BAND, "confidential"
        case Sight.SHOWN if value is not None:
            return f"{value:.0f}" if value.is_integer() else f"{value:.4f}", "shown"
        case _:
            return CONFIDENTIAL.sign, "confidential"


def _marks(key: ValueKey, sight: Sight, period: NamedPeriod) -> Iterator[ValueMark]:
    if sight is Sight.MISSING:
        yield NOT_AVAILABLE
    elif sight is not Sight.SHOWN:
        yield CONFIDENTIAL
    figure = FIGURES.get(key.figure)
    span = period.period
    if figure is not None and figure.version > 1 and span.first <= figure.valid_from <= span.last + timedelta(days=1):
        yield BREAK


def _placed(key: ValueKey, periods: Mapping[str, NamedPeriod]) -> tuple[Any, ...]:
    span = periods[key.period].period
    return key.figure, key.period, span.first, span.last, key.dimension, key.code


async def _replace(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Have a table hold these rows: only those that differ are written."""
    names = ", ".join(columns)
    kept = {tuple(row) for row in await connection.fetch(f"SELECT {names} FROM {table}")}  # noqa: S608 - constants
    wanted = set(rows)
    keys = [name for name in ("figure", "period", "dimension", "code") if name in columns]
    where = " AND ".join(f"{name} = ${place}" for place, name in enumerate(keys, 1))
    places = [columns.index(name) for name in keys]
    gone = [tuple(row[place] for place in places) for row in kept - wanted]
    await connection.executemany(f"DELETE FROM {table} WHERE {where}", gone)  # noqa: S608 - constants
    await connection.copy_records_to_table(table, columns=columns, records=list(wanted - kept))
