"""Findings of the rules between figures in a period, read in one snapshot of cells that are complete to one `n`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.times import Period
from services.reporting import queries
from services.reporting.domain.reading import Reading
from services.reporting.domain.rules import FACTS, READ, RULES, Ask, Finding, closed_periods, evaluated
from services.reporting.domain.rules.silence import nothing_published
from services.reporting.queries import Edition, Report
from services.reporting.silence import Asked, NothingCounted, silence
from services.runtime.postgres import Connection, translated


@dataclass(frozen=True, slots=True)
class Findings:
    """Every event up to `complete_to` was looked at, but for those of `withheld` entities."""

    findings: tuple[Finding, ...]
    complete_to: int
    withheld: int


async def findings(connection: Connection, asked: Asked, *, edition: Edition | None = None) -> Findings:
    """Evaluate all rules, as things are or as an edition has them; what is missing, by the day of the asking.

    Raises `NothingCounted`, `NoEdition`; `Retryable` when the database is away.
    """
    found: dict[Ask, list[Reading]] = defaultdict(list)
    with translated():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            report = await _read(connection, asked.period, READ, edition, found)
            for closed in closed_periods(found):
                if closed != asked.period:
                    await _read(connection, closed, FACTS, edition, found)
            rows = (await silence(connection, asked, edition=edition)).rows
    rules = (*RULES, nothing_published(rows))
    return Findings(tuple(evaluated(found, rules)), report.complete_to, report.withheld)


async def _read(
    connection: Connection,
    period: Period,
    asks: Iterable[Ask],
    edition: Edition | None,
    found: dict[Ask, list[Reading]],
) -> Report:
    """Read into `found`, all figures of one breakdown at once; gives the last report, for what they have in common."""
    numbers: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for number, by in asks:
        numbers[by].append(number)
    report = None
    for by, of in numbers.items():
        report = await queries.figures(connection, period, by, of, edition=edition)
        for reading in report.figures:
            found[Ask(reading.number, by)].append(reading)
    if report is None or report.version is None:
        raise NothingCounted
    return report
