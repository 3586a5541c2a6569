"""Metrics read from reporting's tables: how far the figures count, and differences found by the last replay."""

from collections.abc import Sequence
from typing import Final

from services.runtime import metrics
from services.runtime.metrics_from_tables import TableMetric

FACTS: Final[Sequence[TableMetric]] = (
    TableMetric(metrics.COUNTED_N, "SELECT coalesce((SELECT complete_to FROM figure_status), 0)"),
    TableMetric(
        metrics.REPLAY_DIFFERENCES,
        "SELECT coalesce((SELECT differences FROM replay_outcome ORDER BY run DESC LIMIT 1), 0)",
    ),
    TableMetric(
        metrics.REPLAY_COMPARED,
        "SELECT coalesce(extract(epoch FROM (SELECT max(compared_at) FROM replay_outcome)), 0)",
    ),
)
