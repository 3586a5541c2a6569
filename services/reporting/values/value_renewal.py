"""Background task that computes and stores values of figures, all from one snapshot, when the figures have changed."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import asyncpg
import structlog

from schemas.times import BELIZE, Period
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.disclosure.policy import DisclosurePolicy, LateFacts, ValueRenewal
from services.reporting.domain.rates import RATES, Variant, rate
from services.reporting.domain.read.reading import Reading
from services.reporting.read import queries
from services.reporting.read.queries import FigureReport, Question
from services.reporting.release.linear_solver import HighsSolver
from services.reporting.values import rows_for_sql_tables
from services.reporting.values.joint_audit import JointAudit
from services.reporting.values.late_fact_gathering import gather_late_facts
from services.reporting.values.late_fact_protection import DisplayMoment
from services.reporting.values.released import count_release_steps, read_released_statements, read_released_values
from services.reporting.values.shown_amount_history import delete_shown_amounts
from services.reporting.values.stored_figures_and_rules import DIMENSIONS, KEPT_RATES, NUMBERS, rules_of
from services.reporting.values.stored_value import ExactValue, NamedPeriod, ValueKey, ended_periods
from services.runtime.clock import Clock
from services.runtime.errors import ServiceError
from services.runtime.postgres import Connection, borrow_connection

_SHARE: Final = 10
"""Pause after a computation, as a multiple of its duration, so that computing takes a tenth of one core at most."""

_LONGEST_SECONDS: Final = 600.0
"""Longest pause. Ten years of values take a minute or two on a busy machine."""

_YEARS: Final = 10
"""Number of years back for which values are stored. The command `atips figures` shows older ones."""

_ALONE: Final = 7_104_155_036
"""Key of the advisory lock that lets one process at a time store values."""

_STATE: Final = """
SELECT version || '-' || complete_to || '-' || withheld AS state, complete_to, version FROM figure_status
"""
_FIRST: Final = """
SELECT least(min(on_from) FILTER (WHERE isfinite(on_from)), min(on_to) FILTER (WHERE isfinite(on_to))) FROM figure_cell
"""
# Of a log that is being caught up with, values would be computed again and again, and each time be of the past.
_GROWN: Final = """
SELECT coalesce(2 * s.complete_to >= 3 * m.known_at, false)
    AND 10 * s.complete_to >= 9 * coalesce((SELECT max(n) FROM progress), 0)
FROM figure_status AS s LEFT JOIN values_made AS m ON true
"""
_MADE: Final = """
INSERT INTO values_made (state, known_at) VALUES ($1, $2)
ON CONFLICT (single) DO UPDATE SET (state, known_at) = (excluded.state, excluded.known_at)
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class KeepingOptions:
    """Options of `keep_values_fresh`: the disclosure policy, this code's figure version, `seconds` between two checks.

    Values of another version are computed by a process that has its definitions. `invented`: the persons are invented.
    """

    policy: DisclosurePolicy
    version: str
    seconds: float
    invented: bool = False


async def keep_values_fresh(pool: asyncpg.Pool, clock: Clock, stop: asyncio.Event, options: KeepingOptions) -> None:
    """Compute and store the values of figures again whenever they have changed. Return once `stop` is set.

    Looks every `options.seconds`. After values were computed, or computing failed with a `ServiceError`, waits for
    `pause`. After values were computed the wait ends early once the number of events has grown by half and nine tenths
    of the log are counted: a new deployment is loaded fast, and its first values cover only the beginning.
    """
    loop = asyncio.get_running_loop()
    ends, failed = loop.time(), False
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), options.seconds)
            return
        if loop.time() < ends and (failed or not await _have_grown(pool)):
            continue
        begun, made, failed = loop.time(), True, False
        try:
            today, invented = clock.now().astimezone(BELIZE).date(), options.invented
            made = await renew(pool, today, options.policy, stop, options.version, invented=invented)
        except ServiceError as error:
            log.warning("values were not worked out", error=type(error).__name__)
            failed = True
        ends = loop.time() + (pause(loop.time() - begun) if made else 0)


async def _have_grown(pool: asyncpg.Pool) -> bool:
    try:
        async with borrow_connection(pool) as connection:
            return bool(await connection.fetchval(_GROWN))
    except ServiceError:
        return False


def pause(took: float) -> float:
    """Return the pause in seconds after a computation that took `took` seconds."""
    return min(_SHARE * took, _LONGEST_SECONDS)


async def renew(
    pool: asyncpg.Pool,
    today: date,
    policy: DisclosurePolicy,
    stop: asyncio.Event | None = None,
    version: str | None = None,
    *,
    invented: bool = False,
) -> bool:
    """Compute and store all values, unless the stored ones belong to the present figures. Return whether it did.

    `version`: compute only if the served figures have this version; None for any. `invented`: late facts are not
    gathered, because a whole year of invented persons is loaded in a minute. If `stop` is set meanwhile, nothing is
    stored and the result is False, because many years take longer than a process may take to end.
    """
    async with borrow_connection(pool) as connection, connection.transaction(isolation="repeatable_read"):
        status = await connection.fetchrow(_STATE)
        if status is None or version not in {None, status["version"]}:
            return False
        rules = f"-{await count_release_steps(connection)}-{policy.version}"
        state = _state(status, today, policy) + rules
        before = await connection.fetchval("SELECT state FROM values_made")
        if state == before:
            return False
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _ALONE):
            return False
        first = await connection.fetchval(_FIRST)
        begin = max(first or today, date(today.year - _YEARS, 1, 1))
        periods = {each.name: each for each in ended_periods(begin, today)}
        values: dict[ValueKey, ExactValue] = {}
        for each in periods.values():
            if stop is not None and stop.is_set():
                return False
            values |= dict(_of_period(each, await _reports(connection, each)))
            await asyncio.sleep(0)  # lets the event loop count events between two periods
        await _replace(connection, "definition", rows_for_sql_tables.DEFINITION, rows_for_sql_tables.definitions())
        await _replace(
            connection,
            "exact_value",
            rows_for_sql_tables.EXACT,
            list(rows_for_sql_tables.exact_value_rows(values, periods)),
        )
        view = await _view(connection, policy, {each.period: each.name for each in periods.values()})
        shown = await asyncio.to_thread(
            rows_for_sql_tables.shown_values, values, periods, view
        )  # the audit takes a second
        if policy.committee.late_facts is LateFacts.GATHERED and not invented:
            narrowed = before is None or not before.endswith(rules)
            at = DisplayMoment(policy.committee.revision, status["complete_to"], narrowed)
            shown = await gather_late_facts(connection, values, shown, view, at)
        else:
            await delete_shown_amounts(connection)
        await _replace(
            connection,
            "protected_value",
            rows_for_sql_tables.PROTECTED,
            list(rows_for_sql_tables.protected_value_rows(shown, periods, view)),
        )
        await connection.execute(_MADE, state, status["complete_to"])
    return True


def _state(status: asyncpg.Record, today: date, policy: DisclosurePolicy) -> str:
    """Return a text that changes when values must be computed anew: with a quarterly policy once a quarter."""
    if policy.committee.renewed is ValueRenewal.QUARTERLY and status["complete_to"]:
        return f"{status['version']}-{today.year}-Q{(today.month + 2) // 3}"
    return f"{status['state']}-{today:%Y-%m}"


async def _view(
    connection: Connection, policy: DisclosurePolicy, names: Mapping[Period, str]
) -> rows_for_sql_tables.ReaderView:
    """Return the `ReaderView` of `me_read` by the policy and the public releases so far."""
    told = await read_released_statements(connection)
    rules = rules_of(policy, told)
    audit = JointAudit(policy, rules, told, HighsSolver(policy.solver_seconds))
    return rows_for_sql_tables.ReaderView(rules, audit, await read_released_values(connection, names))


async def _reports(connection: Connection, period: NamedPeriod) -> list[FigureReport]:
    """Read the wholes of all figures and each breakdown by one dimension; for a month only the wholes."""
    questions = [Question(period.period, (), ())]
    if not period.monthly:
        questions += [Question(period.period, (name,), ()) for name in DIMENSIONS]
    return await queries.reports(connection, questions)


def _of_period(period: NamedPeriod, reports: Sequence[FigureReport]) -> Iterator[tuple[ValueKey, ExactValue]]:
    readings = [each for report in reports for each in report.figures if each.number in NUMBERS]
    for each in readings:
        yield ValueKey(each.number, period.name, *next(iter(each.dimensions.items()), ("", ""))), _of(each)
    wholes = {each.number: each for each in readings if not each.dimensions}
    for variant in KEPT_RATES:
        yield ValueKey(variant.value, period.name), _of_rate(variant, wholes)


_OF_ONE: Final = frozenset({Reader.MAXIMUM, Reader.LARGEST})
"""Readers whose value may be that of a single person: `counted` is 1 for their figures."""


def _of(reading: Reading) -> ExactValue:
    counted = reading.ended if reading.figure.reader is Reader.QUANTILE else None
    if reading.figure.reader in _OF_ONE:
        counted = 1
    return ExactValue(
        value=None if reading.value is None else float(reading.value),
        undated=reading.undated,
        cut=reading.cut,
        unknown=reading.unknown,
        twice=reading.twice,
        counted=counted,
    )


def _of_rate(variant: Variant, wholes: Mapping[str, Reading]) -> ExactValue:
    """Return the value of a rate. `counted` is the smallest of whole, part and rest that is not 0.

    Readers can compute the part and the rest from the rate and the whole. A rate with `per` is a number for each `per`
    of the whole, and has no rest.
    """
    declared = RATES[variant]
    numbers = (declared.part, declared.whole, *([declared.remainder] if declared.remainder else []))
    found = rate(variant, *(wholes[each] for each in numbers))
    counts = [found.whole_n, found.part_n]
    if declared.per is None:
        counts.append(found.whole_n - found.part_n)
    return ExactValue(
        value=None if found.value is None else float(found.value * (declared.per or 1)),
        unknown=found.uncounted,
        counted=min((each for each in counts if each), default=0),
    )


async def _replace(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Replace a table's rows by `rows`. Only rows that differ are deleted and inserted."""
    names = ", ".join(columns)
    kept = {tuple(row) for row in await connection.fetch(f"SELECT {names} FROM {table}")}  # noqa: S608 - constants
    wanted = set(rows)
    keys = [name for name in ("figure", "period", "dimension", "code") if name in columns]
    where = " AND ".join(f"{name} = ${place}" for place, name in enumerate(keys, 1))
    places = [columns.index(name) for name in keys]
    gone = [tuple(row[place] for place in places) for row in kept - wanted]
    await connection.executemany(f"DELETE FROM {table} WHERE {where}", gone)  # noqa: S608 - constants
    await connection.copy_records_to_table(table, columns=columns, records=list(wanted - kept))
