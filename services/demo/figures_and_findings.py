"""Reading of the demo's figures and findings with the rights of `officer`, and a clock for the demo's stages."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from datetime import time as time_of_day

from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from schemas.times import BELIZE
from services.case_tracker import queries as tracked
from services.case_tracker.queries import FindingRow
from services.console.as_of_and_known_at import ensure_editions, open_ledger_pool
from services.console.case.case_and_figure_findings import FindingLine as Listed
from services.console.case.case_and_figure_findings import lines, merged
from services.console.database import connected
from services.presentation.rates import figures_of_rate
from services.presentation.report_2024_numbers.comparison_with_figures import (
    PERIOD,
    ComparedLine,
    breakdowns_to_read,
    compare_printed_numbers,
)
from services.reporting.council_input_tables import expectations
from services.reporting.domain.rates import Rate, Variant, rate
from services.reporting.domain.rules import Finding
from services.reporting.read import figure_findings as evaluation
from services.reporting.read import queries
from services.reporting.read.completeness_grid import PublishingGridQuestion
from services.reporting.read.queries import Edition
from services.runtime.postgres import Connection, borrow_connection


@dataclass(slots=True)
class StageClock:
    """Collects the seconds that each stage of the demo takes, by name."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure the body of the `with` and store its seconds under the stage's name."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - begun, 2)


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """Figures compared with the printed numbers, findings and rates. They count every event up to `complete_to`.

    `complete_to`: number of an event on the log. `withheld`: number of entities that the figures leave out.
    """

    lines: Sequence[ComparedLine]
    complete_to: int
    withheld: int
    findings: tuple[Finding, ...] = ()
    """Findings between figures."""
    within: tuple[FindingRow, ...] = ()
    """Findings within cases, each in its latest state."""
    rates: tuple[Rate, ...] = ()
    at: datetime | None = None
    """Time of the edition that was read; None for the present figures."""

    @property
    def listed(self) -> list[Listed]:
        """All findings in the form and order of `atips findings`: open ones, and those closed by a ruling."""
        return merged(self.findings, lines(self.within, PERIOD, self.at, settled=False))


def count(cluster: Cluster, day: str) -> DemoOutcome:
    """Read the present figures and findings. `day`, as ISO text: on which missing reports are judged."""
    outcome = asyncio.run(_counted(Folder(cluster.data_dir), date.fromisoformat(day)))
    return replace(outcome, within=tuple(asyncio.run(_within(cluster))))


async def _within(cluster: Cluster) -> Sequence[FindingRow]:
    async with connected(Folder(cluster.data_dir), "officer", "case_tracker") as connection:
        return await tracked.findings(connection)


def read_figures_known_at(cluster: Cluster, day: str) -> DemoOutcome:
    """Read figures and findings as they were known at the end of a day (ISO text); compute the edition if needed.

    `within` of the result has the present findings; its `listed` has them as they stood at the end of the day.
    """
    outcome = asyncio.run(_known(cluster, date.fromisoformat(day)))
    return replace(outcome, within=tuple(asyncio.run(_within(cluster))))


async def _known(cluster: Cluster, day: date) -> DemoOutcome:
    at = datetime.combine(day, time_of_day.max, BELIZE)
    async with open_ledger_pool(cluster.data_dir) as pool:
        [edition] = await ensure_editions(pool, cluster.data_dir, [at], lambda _done, _of: None)
        async with borrow_connection(pool) as connection:
            return replace(await _read(connection, edition, day), at=at)


async def _counted(folder: Folder, day: date) -> DemoOutcome:
    async with connected(folder, "officer", "reporting") as connection:
        return await _read(connection, None, day)


async def _read(connection: Connection, edition: Edition | None, day: date) -> DemoOutcome:
    reports = [
        await queries.figures(connection, PERIOD, by, numbers, edition=edition) for by, numbers in breakdowns_to_read()
    ]
    readings = [reading for report in reports for reading in report.figures]
    found = await evaluation.findings(connection, PublishingGridQuestion(PERIOD, expectations(), day), edition=edition)
    whole = {reading.number: reading for reading in readings if not reading.dimensions}
    shares = tuple(rate(each, *(whole[number] for number in figures_of_rate(each))) for each in Variant)
    return DemoOutcome(
        compare_printed_numbers(readings), reports[0].complete_to, reports[0].withheld, found.findings, rates=shares
    )
