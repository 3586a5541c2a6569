"""Alarms of refused events: error lines of the log, and a metric.

The relay raises each alarm once in a process, before it sends the refusal, so that a slow broker does not delay it. Of
one quarantine entry, the attempts 1 to 5, 10, 100, 1000 and so on are logged.
"""

from collections.abc import Sequence
from typing import Final

import structlog

from schemas.errors import Reason
from services.intake.domain.outbox_rows import RefusedRow
from services.runtime import metrics

EACH_OF: Final = 5
"""Each attempt of an entry up to this number is logged; after that only 10, 100, 1000 and so on."""

log = structlog.get_logger()


class Alarms:
    """Raises the alarms of refusals. It remembers the highest number `n` for which it raised them."""

    def __init__(self) -> None:
        self._sounded = 0

    def sound(self, rows: Sequence[RefusedRow]) -> None:
        """Raise the alarms of each refusal with a higher `n` than any before. `rows` are in the order of `n`."""
        for row in rows:
            if row.n <= self._sounded:
                continue
            self._sounded = row.n
            told = {"agency": row.agency, "reason": row.reason, "n": row.n, "type": row.type}
            if row.attempts > 1:
                told["attempts"] = row.attempts
            is_told = row.attempts <= EACH_OF or str(row.attempts).strip("0") == "1"
            if is_told:
                log.error("quarantined", **told)
            if row.must_arrive:
                if is_told:
                    log.error("not delivered", **told)
                metrics.NOT_DELIVERED.labels(row.agency, row.reason).inc()
            if row.reason == Reason.ID_ALREADY_USED:
                log.error("equivocation", agency=row.agency, n=row.n, type=row.type)
