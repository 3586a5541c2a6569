"""Outcome of a replay, stored in `replay_outcome` for the service's metrics."""

from typing import Final

from services.reporting.replay import run_results
from services.reporting.replay.report import ReplayReport
from services.reporting.settings import Settings

_KEEP: Final = """
INSERT INTO replay_outcome (run, complete_to, differences) VALUES ($1, $2, $3) ON CONFLICT (run) DO NOTHING
"""


def differences(report: ReplayReport, decisions: int) -> int:
    """Return the number of a replay's differences: at least 1 if the report is not `equal`.

    `decisions`: number of entities for which a replayed service decided otherwise.
    """
    found = len(report.different) + len(report.withheld) + len(report.faults) + decisions
    return max(found, 0 if report.equal else 1)


async def store_outcome(settings: Settings, report: ReplayReport, decisions: int) -> None:
    """Store the outcome of a run. Raises `Retryable` if the database does not answer."""
    async with run_results.connected(settings.postgres_dsn()) as connection:
        await connection.execute(_KEEP, report.run, report.audited_to, differences(report, decisions))
