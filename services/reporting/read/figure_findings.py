"""Findings of the rules between figures in a period, evaluated on one snapshot of the cells."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.times import Period
from services.reporting.domain.read.reading import Reading
from services.reporting.domain.rules import FACTS, READ, RULES, FigureRead, Finding, closed_periods, evaluate_rules
from services.reporting.domain.rules.missing_reports import nothing_published
from services.reporting.read import queries
from services.reporting.read.completeness_grid import NothingCounted, PublishingGridQuestion, read_publishing_grid
from services.reporting.read.queries import Edition, FigureReport, Question
from services.runtime.postgres import Connection, translate_driver_errors


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings of all rules. They rest on every event up to `complete_to`, except those of `withheld` entities."""

    findings: tuple[Finding, ...]
    complete_to: int
    withheld: int


async def findings(
    connection: Connection, asked: PublishingGridQuestion, *, edition: Edition | None = None
) -> Findings:
    """Evaluate all rules on the present figures (`edition` None) or on an edition.

    Missing reports are judged on `asked.judged_on`. Raises `NothingCounted` if no version has counted every partition,
    `NoEdition` if the edition does not exist, and `Retryable` if the database does not answer.
    """
    found: dict[FigureRead, list[Reading]] = defaultdict(list)
    with translate_driver_errors():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            report = await _read(connection, [asked.period], READ, edition, found)
            closed = [each for each in closed_periods(found) if each != asked.period]
            if closed:
                await _read(connection, closed, FACTS, edition, found)
            rows = (await read_publishing_grid(connection, asked, edition=edition)).rows
    rules = (*RULES, nothing_published(rows))
    return Findings(tuple(evaluate_rules(found, rules)), report.complete_to, report.withheld)


async def _read(
    connection: Connection,
    periods: Iterable[Period],
    asks: Sequence[FigureRead],
    edition: Edition | None,
    found: dict[FigureRead, list[Reading]],
) -> FigureReport:
    """Read the figures `asks` of each period into `found`. Returns one report, for `complete_to` and `withheld`."""
    numbers: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for number, by in asks:
        numbers[by].append(number)
    questions = [Question(period, by, tuple(of)) for period in periods for by, of in numbers.items()]
    reports = await queries.reports(connection, questions, edition=edition)
    if reports[-1].version is None:
        raise NothingCounted
    for question, report in zip(questions, reports, strict=True):
        for reading in report.figures:
            found[FigureRead(reading.number, question.by)].append(reading)
    return reports[-1]
