"""What is said aloud of refusals: each once in a process, before it is sent, so that no broker delays an alarm."""

from collections.abc import Sequence

import structlog

from schemas.errors import Reason
from services.intake.domain.backlog import RefusedRow
from services.runtime import metrics

log = structlog.get_logger()


class Alarms:
    """Remembers up to which number they were sounded."""

    def __init__(self) -> None:
        self._sounded = 0

    def sound(self, rows: Sequence[RefusedRow]) -> None:
        """Raise the alarms of refusals, in the order of `n`, that were not raised here before."""
        for row in rows:
            if row.n <= self._sounded:
                continue
            self._sounded = row.n
            log.error("quarantined", agency=row.agency, reason=row.reason, n=row.n, type=row.type)
            if row.must_arrive:
                log.error("not delivered", agency=row.agency, reason=row.reason, n=row.n, type=row.type)
                metrics.NOT_DELIVERED.labels(row.agency, row.reason).inc()
            if row.reason == Reason.ID_ALREADY_USED:
                log.error("equivocation", agency=row.agency, n=row.n, type=row.type)
