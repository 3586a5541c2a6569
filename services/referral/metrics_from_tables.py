"""Metrics that are read from referral's tables: the number of late waits, by kind and urgency."""

from collections.abc import Sequence
from typing import Final

from services.runtime import metrics
from services.runtime.metrics_from_tables import TableMetric

FACTS: Final[Sequence[TableMetric]] = (
    TableMetric(
        metrics.LATE,
        """
        SELECT kind, coalesce(urgency, 'none'), count(*) FROM waiting
        WHERE told_at IS NOT NULL OR late_at <= $1 GROUP BY 1, 2
        """,
        dated=True,
    ),
)
