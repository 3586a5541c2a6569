"""Alarms of refusals: each is raised once in a process, before the refusal is sent, so that no broker delays it.

The attempts of one entry are told as one: each of the first, then the tenth, the hundredth and so on.
"""

from collections.abc import Sequence
from typing import Final

import structlog

from schemas.errors import Reason
from services.intake.domain.backlog import RefusedRow
from services.runtime import metrics

EACH_OF: Final = 5
"""How many attempts of one entry are told one by one."""

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
