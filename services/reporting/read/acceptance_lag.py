"""Delay from an event's recording by its agency to its acceptance, and numbers of corrections and retractions.

An event does not contain its own delay, so no fold can count it. It is read from the ledger, for one period of
acceptance.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from schemas.times import BELIZE, Period
from services.runtime.postgres import Connection, translate_driver_errors

_DAY: Final = timedelta(days=1)

# $1 to $2: the period, as moments. $3: the number of the last known event; rows without a number were not accepted.
# A record from a clock that is ahead has a delay of 0. percentile_disc takes the nearest rank, as all quantiles here.
_READ: Final = """
SELECT
    agency,
    count(*) FILTER (WHERE NOT corrects AND NOT retracts) AS facts,
    count(*) FILTER (WHERE corrects) AS corrections,
    count(*) FILTER (WHERE retracts) AS retractions,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY minutes) AS median,
    percentile_disc(0.9) WITHIN GROUP (ORDER BY minutes) AS ninth_decile
FROM (
    SELECT
        agency,
        type = 'bz.atips.event.corrected.v1' AS corrects,
        type = 'bz.atips.event.retracted.v1' AS retracts,
        greatest(floor(extract(epoch FROM accepted_at - recorded_at) / 60), 0)::bigint AS minutes
    FROM reporting.acceptance
    WHERE accepted_at >= $1 AND accepted_at < $2 AND n BETWEEN 1 AND $3
) AS accepted
GROUP BY agency ORDER BY agency
"""


@dataclass(frozen=True, slots=True)
class AcceptanceDelay:
    """Counts of an agency's events accepted in a period, with median and 90th percentile of their delay in minutes.

    `facts` are the events that neither correct nor retract.
    """

    agency: str
    facts: int
    corrections: int
    retractions: int
    median: int
    ninth_decile: int

    @property
    def all(self) -> int:
        """Number of all events: facts, corrections and retractions."""
        return self.facts + self.corrections + self.retractions


async def read_acceptance_delays(connection: Connection, period: Period, known_at: int) -> tuple[AcceptanceDelay, ...]:
    """Return the delay of each agency's events that were accepted on the period's days in Belize, sorted by agency.

    Events with numbers above `known_at` are left out. Raises `Retryable` if the database does not answer.
    """
    first, end = (datetime.combine(day, time.min, BELIZE) for day in (period.first, period.last + _DAY))
    with translate_driver_errors():
        return tuple(AcceptanceDelay(**row) for row in await connection.fetch(_READ, first, end, known_at))
